/// Selects messages of one author, to delete them.
package struct MessageSelection: Sendable, Equatable {
    package var author: Username
    /// Only messages in this room; nil for all rooms.
    package var room: RoomName?
    /// Only messages at or after this moment.
    package var since: Timestamp?

    package init(author: Username, room: RoomName? = nil, since: Timestamp? = nil) {
        self.author = author
        self.room = room
        self.since = since
    }
}

/// What one part of the deletion of a selection did.
package struct MessageSweep: Sendable, Equatable {
    package let deleted: Int
    /// Where the next part begins; nil if there is none.
    package let next: Int64?

    package init(deleted: Int, next: Int64?) {
        self.deleted = deleted
        self.next = next
    }
}

/// Messages found in a bounded part of a log.
package struct FoundMessages: Sendable, Equatable {
    package struct Place: Sendable, Equatable {
        package let id: Int64
        package let room: RoomReference
        package let seq: Int64

        package init(id: Int64, room: RoomReference, seq: Int64) {
            self.id = id
            self.room = room
            self.seq = seq
        }
    }

    package let places: [Place]
    /// Where the next part begins; nil if there is none.
    package let next: Int64?

    package init(places: [Place], next: Int64?) {
        self.places = places
        self.next = next
    }
}

/// Finds and deletes the messages of an author.
package protocol SweepStore: Sendable {
    /// The account of this name; also of one that was deleted and has a neutral name since.
    func author(named name: Username) async throws(ChatError) -> UserID?
    /// Returns up to ``Limits/sweepBatch`` messages of an author that are not deleted, out of the next
    /// ``Limits/sweepScan`` messages behind a position, in ascending order.
    ///
    /// - Parameter besidesDirect: leaves out messages in direct rooms.
    func messages(
        by author: UserID, in room: RoomID?, since: Timestamp?, besidesDirect: Bool, after position: Int64
    ) async throws(ChatError) -> FoundMessages
    /// Empties messages given by their ids in one transaction. Returns how many there were that were not deleted yet.
    func deleteMessages(_ ids: [Int64], at: Timestamp, act: Act) async throws(ChatError) -> Int
}

extension LocalChat {
    /// Moderators of a room may delete the messages there of those they may moderate, everybody their own; administrators
    /// also all of an author in all rooms but the direct rooms of others.
    package func deleteMessages(
        _ selection: MessageSelection, after position: Int64
    ) async throws(ChatError) -> MessageSweep {
        guard let author = try await store.author(named: selection.author) else { throw .noUser(selection.author) }
        let (room, rule) = try await sweepable(selection, of: author)
        try spend(.change)
        let found = try await store.messages(
            by: author, in: room?.id, since: selection.since,
            besidesDirect: !caller.isOperator && caller.user?.id != author, after: position)
        guard !found.places.isEmpty else { return MessageSweep(deleted: 0, next: found.next) }
        let count = "\(found.places.count) message\(found.places.count == 1 ? "" : "s")"
        let act = Act(
            "message.delete", by: caller, on: selection.author.text,
            detail: count + (room.map { " in \($0.name)" } ?? ""),
            events: found.places.map { .messageDeleted(room: $0.room, seq: $0.seq) }, under: rule)
        let deleted = try await store.deleteMessages(found.places.map(\.id), at: now(), act: act)
        await chat.show(act)
        return MessageSweep(deleted: deleted, next: found.next)
    }

    /// The room of the selection, and the rule that the deletion is judged by again in its transaction.
    private func sweepable(
        _ selection: MessageSelection, of author: UserID
    ) async throws(ChatError) -> (RoomReference?, RoomRule?) {
        guard let name = selection.room else {
            try caller.requireAdministrator(for: "deleting messages in all rooms")
            return (nil, nil)
        }
        let access = try await readableRoom(name)
        let rule = deletionRule(in: access.room, of: author)
        if !caller.isOperator || access.kind != .direct {
            try rule.require(access, try await store.role(of: author, in: access.room.id))
        }
        return (access.room, rule)
    }
}
