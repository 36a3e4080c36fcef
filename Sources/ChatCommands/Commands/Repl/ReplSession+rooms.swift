import ChatCore

extension ReplSession {
    /// Follows a room and makes it the current one.
    ///
    /// - Throws: `roomNotFound`, `notAMember`, `banned`, and what the backend throws.
    func join(_ name: RoomName) async throws(ChatError) {
        guard !person.follows(name) else { return change(person.name) { $0.enter(name) } }
        let (who, service) = (person.name, person.backend.service)
        let log = try await service.log(of: name)
        let feed = if let open = person.feed { open } else { try await service.feed() }
        if !plan.isScript {
            let recent = try await service.messages(of: log, .latest, limit: Self.history)
            for message in recent where message.seq <= log.lastSeq { try view(of: who).show(message: message) }
        }
        do throws(ChatError) {
            try await feed.add(RoomPosition(room: log.name, after: log.lastSeq, epoch: log.epoch))
        } catch {
            if person.feed == nil { await feed.close() }
            throw error
        }
        change(who) { persona in
            persona.joined(log.name, epoch: log.epoch)
            persona.feed = feed
            if persona.reader == nil { persona.reader = read(feed, for: who) }
        }
    }

    /// - Throws: `usage` for a room that is not followed.
    func leave(_ name: RoomName?) async throws(ChatError) {
        guard let name = name ?? person.room else { throw .noCurrentRoom }
        guard person.follows(name) else { throw ChatError(.usage, "room \(name): not joined") }
        await person.feed?.remove(name)
        change(person.name) { $0.left(name) }
    }

    /// Goes to the direct room with somebody.
    ///
    /// - Throws: `userNotFound`, `usage` when nobody speaks.
    func direct(with other: Username) async throws(ChatError) {
        let me = try await person.backend.actor().username
        try await join(try await person.backend.service.directRoom(me, other).room.name)
    }

    /// Shows what a feed brings, until it ends.
    private func read(_ feed: any Feed, for name: Username?) -> Task<Void, Never> {
        Task { [weak self] in
            do throws(ChatError) {
                while let item = try await feed.next() {
                    guard let self else { return }
                    try await self.show(item, to: name)
                }
            } catch {
                await self?.lost(error, by: name)
            }
        }
    }

    private func lost(_ error: ChatError, by name: Username?) async {
        guard !Task.isCancelled, let index = index(of: name) else { return }
        let feed = people[index].feed
        change(name) { $0.lost() }
        await feed?.close()
        // Output that cannot be written ends the session, and is reported there.
        guard error.code != .outputFailed else { return }
        let who = name.map { "\($0): " } ?? ""
        notice("\(who)no room is followed any more: \(error.message)")
    }

    // MARK: Items

    private func show(_ item: FeedItem, to name: Username?) async throws(ChatError) {
        let view = view(of: name)
        switch item {
        case .message(let message, let epoch):
            change(name) { $0.heard(message, epoch: epoch) }
            names.add(user: message.author.username)
            try view.show(message: message)
            screen.heard(message.seq, in: message.room.name, by: name)
        case .messageEdited(let message): try view.show(edited: message)
        case .messageDeleted(let room, let seq): try view.aside("#\(room) \(seq) was deleted")
        case .presence(let room, let joined, let left):
            for user in joined { try show("\(user) came to #\(room)", to: name) }
            for user in left { try show("\(user) left #\(room)", to: name) }
        case .typing(let room, let user): if user != name { try show("\(user) is typing in #\(room)", to: name) }
        case .room(let room): names.add(room: room.name)
        case .removed(let room, let reason):
            change(name) { $0.left(room) }
            try view.aside(reason.error(of: room).message)
        case .notice(let text): notice(text)
        case .onlineCount: break
        }
        didChange?(prompt)
    }

    /// Shows what is turned off with `/notices`.
    private func show(_ aside: String, to name: Username?) throws(ChatError) {
        guard toggles.contains(.notices), !toggles.contains(.raw) else { return }
        try view(of: name).aside(aside)
    }
}

extension Invocation {
    /// Shows a line that is no message and no result.
    fileprivate func aside(_ text: String) throws(ChatError) {
        if !printsJSON { try screen.line(screen.dim("-- \(screen.harmless(text))")) }
    }

    fileprivate func show(edited message: Message) throws(ChatError) {
        guard !printsJSON else { return try show(message: message) }
        let first = message.body.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).first ?? ""
        try aside("#\(message.room.name) \(message.seq) \(message.author.username) changed it to: \(first)")
    }
}
