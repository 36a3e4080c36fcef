extension LocalChat: MemberService {
    package func members(of room: RoomName, _ page: ListPage<Username>) async throws(ChatError) -> [Member] {
        try await store.members(of: readableRoom(room).room.id, page)
    }

    /// Anyone may join a public room; otherwise moderators add plain members and owners assign roles.
    package func setMember(_ user: Username, of room: RoomName, role: MemberRole?) async throws(ChatError) {
        try spend(.change)
        let access = try await access(to: room)
        let target = try await existingUser(user)
        let isSelf = caller.user?.id == target.id
        let rule = RoomRule(in: access.room.id, on: target.id) { access, present throws(ChatError) in
            if access.kind == .public && isSelf && role == nil && !access.isBanned { return }
            if role ?? .member != .member { try access.requireOwning(for: "give roles") }
            // Also before a role is given: an owner must not get round the protection of a fellow owner in two steps.
            let stepsDown = isSelf && present == .owner
            if role ?? .member == .member && !stepsDown || present == .owner && role != .owner && !isSelf {
                try access.requireModerating(present, for: "add or change members")
            }
        }
        let present = try await store.role(of: target.id, in: access.room.id)
        try rule.require(access, present)
        let act = Act(
            "member.set", by: caller, on: room.text, detail: "\(user) \(role?.rawValue ?? "")",
            events: present == nil ? [.roomGained(target.id, access.room)] : [], under: rule)
        let outcome = try await store.setMember(target.id, of: access.room.id, role: role, at: now(), act: act)
        if case .added = outcome { await chat.show(act) }
    }

    package func removeMember(_ user: Username, of room: RoomName) async throws(ChatError) {
        try await remove(user, of: room, reason: .removed, act: "member.remove")
    }

    @discardableResult
    package func kick(_ user: Username, from room: RoomName) async throws(ChatError) -> Bool {
        let (_, target, _) = try await moderated(user, in: room, for: "kick")
        let before = try await store.access(to: room, for: target.id, at: now())
        try await remove(user, of: room, reason: .kicked, act: "room.kick")
        return before?.role != nil || before?.isOnline == true
    }

    package func restrictions(in room: RoomName) async throws(ChatError) -> [ImposedRestriction] {
        let access = try await access(to: room)
        try access.requireModerating(nil, for: "list restrictions")
        return try await store.restrictions(in: access.room.id, at: now())
    }

    package func restrict(
        _ kind: RestrictionKind, _ user: Username, in room: RoomName, for life: Duration?
    ) async throws(ChatError) {
        try spend(.change)
        let (access, target, rule) = try await moderated(user, in: room, for: kind.rawValue)
        let moment = now()
        let until = try moment.end(ofLife: life, of: kind.rawValue)
        let act = Act(
            "room.\(kind.rawValue)", by: caller, on: room.text, detail: "\(user) \(until?.rfc3339 ?? "")",
            events: kind == .ban ? [.removed(target.id, access.room, .banned)] : [], under: rule)
        try await store.restrict(
            target.id, in: access.room.id, Restriction(kind, until: until), at: moment,
            act: act)
        await chat.show(act)
    }

    @discardableResult
    package func lift(
        _ kind: RestrictionKind, from user: Username, in room: RoomName
    ) async throws(ChatError) -> Bool {
        try spend(.change)
        let (access, target, rule) = try await moderated(user, in: room, for: "un\(kind.rawValue)")
        return try await store.lift(
            kind, from: target.id, in: access.room.id, at: now(),
            act: Act("room.un\(kind.rawValue)", by: caller, on: room.text, detail: user.text, under: rule))
    }

    /// Everyone may leave; removing others needs the right to moderate them.
    private func remove(
        _ user: Username, of room: RoomName, reason: RemovalReason, act: String
    ) async throws(ChatError) {
        try spend(.change)
        let leaves = reason == .removed && caller.user?.username == user
        let (access, target, rule) =
            leaves
            ? (try await access(to: room), try await existingUser(user), nil)
            : try await moderated(user, in: room, for: reason == .kicked ? "kick" : "remove")
        let act = Act(
            act, by: caller, on: room.text, detail: user.text, events: [.removed(target.id, access.room, reason)],
            under: rule)
        // Whoever is no member can be live in a public room, and is kicked out of it.
        let wasRemoved = try await store.removeMember(
            target.id, of: access.room.id, orStranger: reason == .kicked, at: now(), act: act)
        if wasRemoved { await chat.show(act) }
    }

    private func moderated(
        _ user: Username, in room: RoomName, for act: String
    ) async throws(ChatError) -> (RoomAccess, User, RoomRule?) {
        let access = try await access(to: room)
        let target = try await existingUser(user)
        let rule = RoomRule(in: access.room.id, on: target.id) { access, other throws(ChatError) in
            try access.requireModerating(other, for: act)
        }
        try rule.require(access, try await store.role(of: target.id, in: access.room.id))
        return (access, target, rule)
    }
}
