import ChatCore
import ChatWire

extension RemoteChat {
    package func createRoom(_ room: NewRoom) async throws(ChatError) -> Room {
        let wish = RoomRequest(
            name: room.name.text, kind: room.kind.rawValue, topic: room.topic, members: room.members.map(\.text))
        return try await fetch(RoomShape.self, .POST, Target.api("rooms"), wish).room
    }

    package func rooms(_ filter: RoomFilter) async throws(ChatError) -> [Room] {
        var query: [(String, String)] = []
        if let kind = filter.kind { query.append(("kind", kind.rawValue)) }
        if let member = filter.member { query.append(("user", member.text)) }
        if let moment = filter.idleSince { query.append(("idle_since", moment.rfc3339)) }
        query += filter.page.query
        return try await list(RoomShape.self, Target.api("rooms", query: query), most: filter.page.most).map(\.room)
    }

    package func room(named name: RoomName) async throws(ChatError) -> Room {
        try await fetch(RoomShape.self, .GET, Target.api("rooms", name.text)).room
    }

    package func updateRoom(_ name: RoomName, _ change: RoomChange) async throws(ChatError) -> Room {
        let patch = RoomPatch(name: change.name?.text, topic: change.topic, archived: change.archived)
        return try await fetch(RoomShape.self, .PATCH, Target.api("rooms", name.text), patch).room
    }

    package func deleteRoom(_ name: RoomName) async throws(ChatError) {
        try await perform(.DELETE, Target.api("rooms", name.text))
    }

    /// - Throws: `notAllowed` unless one of the two is this token's user.
    package func directRoom(_ first: Username, _ second: Username) async throws(ChatError) -> (room: Room, made: Bool) {
        let caller = try await me().username
        guard first == caller || second == caller else {
            throw ChatError(
                .notAllowed, "direct room of \(first) and \(second): you are \(caller)",
                hint: "over a server only one's own direct rooms can be opened")
        }
        let other = first == caller ? second : first
        let answer = try await answer(.POST, Target.api("direct", other.text), nil, isRepeatable: true)
        return (try decode(RoomShape.self, from: answer).room, answer.status == 201)
    }

    // MARK: Members

    package func members(of room: RoomName, _ page: ListPage<Username>) async throws(ChatError) -> [Member] {
        let target = Target.api("rooms", room.text, "members", query: page.query)
        return try await list(MemberShape.self, target, most: page.most).map(\.member)
    }

    package func setMember(_ user: Username, of room: RoomName, role: MemberRole?) async throws(ChatError) {
        try await perform(
            .PUT, Target.api("rooms", room.text, "members", user.text), MemberRequest(role: role?.rawValue))
    }

    package func removeMember(_ user: Username, of room: RoomName) async throws(ChatError) {
        try await perform(.DELETE, Target.api("rooms", room.text, "members", user.text), isRepeatable: true)
    }

    // The server answers moderation with 204. What it changed is worth a sentence and no more, so it is asked for before.

    @discardableResult
    package func kick(_ user: Username, from room: RoomName) async throws(ChatError) -> Bool {
        let isMember = try await members(of: room).contains { $0.username == user }
        let isOnline = try await presence(in: room).users.contains { $0.username == user }
        try await perform(.POST, Target.api("rooms", room.text, "kick", user.text))
        return isMember || isOnline
    }

    package func restrict(
        _ kind: RestrictionKind, _ user: Username, in room: RoomName, for life: Duration?, reason: String
    ) async throws(ChatError) {
        try await perform(
            .PUT, Target.api("rooms", room.text, Self.path(of: kind), user.text),
            RestrictionRequest(duration_ms: life?.milliseconds, reason: reason.isEmpty ? nil : reason))
    }

    @discardableResult
    package func lift(
        _ kind: RestrictionKind, from user: Username, in room: RoomName
    ) async throws(ChatError) -> Bool {
        let before = try await restrictions(in: room)
        try await perform(
            .DELETE, Target.api("rooms", room.text, Self.path(of: kind), user.text), isRepeatable: true)
        return before.contains { $0.kind == kind && $0.username == user }
    }

    package func restrictions(in room: RoomName) async throws(ChatError) -> [ImposedRestriction] {
        try await fetch([RestrictionShape].self, .GET, Target.api("rooms", room.text, "restrictions")).map(\.imposed)
    }

    private static func path(of kind: RestrictionKind) -> String {
        switch kind {
        case .ban: "bans"
        case .mute: "mutes"
        }
    }
}
