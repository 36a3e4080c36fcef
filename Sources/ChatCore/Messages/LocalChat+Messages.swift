extension LocalChat: MessageService {
    package func messages(
        in room: RoomName, _ range: MessageRange, limit: Int
    ) async throws(ChatError) -> [Message] {
        try await store.messages(in: readableRoom(room).room, range, limit: limit)
    }

    package func message(in room: RoomName, seq: Int64) async throws(ChatError) -> Message {
        guard let message = try await store.message(in: readableRoom(room).room, seq: seq) else {
            throw .noMessage(room, seq)
        }
        return message
    }

    /// Authors may edit their own messages while they may post in the room.
    package func editMessage(
        in room: RoomName, seq: Int64, to body: MessageBody
    ) async throws(ChatError) -> Message {
        try await edit(seq, to: body) { () async throws(ChatError) in try await readableRoom(room) }
    }

    /// Edits a message of a room that the caller has joined: that room, even if another one has its name by now.
    package func editMessage(
        inJoined room: RoomReference, seq: Int64, to body: MessageBody
    ) async throws(ChatError) -> Message {
        try await edit(seq, to: body) { () async throws(ChatError) in try await readableRoom(room) }
    }

    private func edit(
        _ seq: Int64, to body: MessageBody, in room: () async throws(ChatError) -> RoomAccess
    ) async throws(ChatError) -> Message {
        let speaker = try caller.speaker()
        try spend(.message)
        let access = try await room()
        let room = access.room.name
        guard let message = try await store.message(in: access.room, seq: seq), !message.isDeleted else {
            throw .noMessage(room, seq)
        }
        guard message.author.id == speaker.id else {
            throw ChatError(.notAllowed, "message \(seq) of \(room): only its author may edit it")
        }
        let rule = RoomRule(in: access.room.id) { access, _ throws(ChatError) in try access.requirePosting() }
        try rule.require(access, nil)
        let act = Act(
            "message.edit", by: caller, on: "\(room) \(seq)", events: [.messageEdited(room: access.room, seq: seq)],
            under: rule)
        let edited = try await store.editMessage(in: access.room, seq: seq, to: body, at: now(), act: act)
        guard let edited else { throw .noMessage(room, seq) }
        await chat.show(act)
        return edited
    }

    /// Authors may delete their own messages, moderators those of users they may moderate.
    package func deleteMessage(in room: RoomName, seq: Int64) async throws(ChatError) {
        let access = try await readableRoom(room)
        guard let message = try await store.message(in: access.room, seq: seq) else { throw .noMessage(room, seq) }
        let isAuthor = message.author.id == caller.user?.id
        let rule = RoomRule(in: access.room.id, on: message.author.id) { access, author throws(ChatError) in
            try access.requireReading()
            if !isAuthor { try access.requireModerating(author, for: "delete messages of others") }
        }
        if !caller.isOperator || access.kind != .direct {
            try rule.require(access, try await store.role(of: message.author.id, in: access.room.id))
        }
        let act = Act(
            "message.delete", by: caller, on: "\(room) \(seq)",
            events: [.messageDeleted(room: access.room, seq: seq)], under: rule)
        if try await store.deleteMessage(in: access.room.id, seq: seq, at: now(), act: act) { await chat.show(act) }
    }

    package func search(
        _ text: String, in room: RoomName?, before: Int64? = nil, limit: Int
    ) async throws(ChatError) -> [Message] {
        guard (1...Limits.searchCharacters).contains(text.count), !text.utf8.contains(0) else {
            throw ChatError(
                .invalidInput, "search: the text is not 1 to \(Limits.searchCharacters) characters",
                fields: ["q": ["Use 1 to \(Limits.searchCharacters) characters."]])
        }
        var within: RoomID?
        if let room { within = try await readableRoom(room).room.id }
        try spend(.search)
        let user = caller.isOperator ? nil : caller.user
        // Where no server runs, nobody else writes the index.
        if user == nil { await chat.indexMessages(for: Limits.searchTime) }
        return try await chat.searches.run(for: user?.id) { () async throws(ChatError) in
            try await store.search(
                text, in: within, before: before, visibleTo: user, limit: min(limit, Limits.searchHits), at: now())
        }
    }
}

extension LocalChat: PresenceService {
    package func presence(in room: RoomName) async throws(ChatError) -> RoomPresence {
        let access = try await readableRoom(room)
        return RoomPresence(room: room, users: try await store.onlineUsers(in: access.room.id, at: now()))
    }
}
