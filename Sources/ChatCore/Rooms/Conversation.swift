/// A room as one of its members has it.
package struct MemberSeat: Sendable, Equatable {
    package let room: RoomID
    package let role: MemberRole
    package let lastReadSeq: Int64
    /// The other member of a direct room; nil when the account was deleted, and in other rooms.
    package let peer: Author?

    package init(room: RoomID, role: MemberRole, lastReadSeq: Int64, peer: Author?) {
        self.room = room
        self.role = role
        self.lastReadSeq = lastReadSeq
        self.peer = peer
    }
}

/// Stores what rooms are to their members.
package protocol SeatStore: Sendable {
    /// Returns the rooms of a member, sorted by id.
    func seats(of user: UserID) async throws(ChatError) -> [MemberSeat]
}

/// A room in a person's list of conversations.
package struct Conversation: Sendable, Equatable {
    package let room: Room
    /// Nil in a public room that the user is not a member of.
    package let seat: MemberSeat?

    package init(room: Room, seat: MemberSeat?) {
        self.room = room
        self.seat = seat
    }

    /// Messages that the user has not read; 0 in rooms whose read marks nobody keeps.
    package var unread: Int64 { seat.map { max(0, room.lastSeq - $0.lastReadSeq) } ?? 0 }
}

extension LocalChat {
    /// The caller's rooms and the public ones, those with the newest message first, at most ``Limits/conversations``.
    package func conversations() async throws(ChatError) -> [Conversation] {
        let speaker = try caller.speaker()
        let page = ListPage<RoomName>(most: Limits.conversations)
        let own = try await store.rooms(
            RoomFilter(member: speaker.username, page: page), visibleTo: speaker.id, at: now())
        let open = try await store.rooms(RoomFilter(kind: .public, page: page), visibleTo: speaker.id, at: now())
        let seats = Dictionary(
            try await store.seats(of: speaker.id).map { ($0.room, $0) }, uniquingKeysWith: { first, _ in first })
        var known: Set<RoomID> = []
        let found = (own + open).filter { known.insert($0.id).inserted }
            .map { Conversation(room: $0, seat: seats[$0.id]) }
        return Array(found.sorted { $0.newness > $1.newness }.prefix(Limits.conversations))
    }
}

extension Conversation {
    /// When something happened there last.
    fileprivate var newness: Timestamp { room.lastMessageAt ?? room.createdAt }
}
