extension LocalChat: RoomService {
    package func createRoom(_ room: NewRoom) async throws(ChatError) -> Room {
        let owner = caller.isOperator && caller.user == nil ? nil : try caller.speaker()
        try spend(.room)
        let made: Room
        do throws(ChatError) {
            made = try await store.insertRoom(
                room, owner: owner?.id, at: now(),
                act: Act("room.create", by: caller, on: room.name.text, detail: room.kind.rawValue))
        } catch {
            giveBack(.room)
            throw error
        }
        let members = try await store.memberIDs(of: made.id)
        await chat.announce(members.map { .roomGained($0, made.reference) })
        return made
    }

    package func rooms(_ filter: RoomFilter) async throws(ChatError) -> [Room] {
        if let member = filter.member { _ = try await existingUser(member) }
        return try await store.rooms(filter, visibleTo: caller.isOperator ? nil : caller.user?.id, at: now())
    }

    package func room(named name: RoomName) async throws(ChatError) -> Room {
        _ = try await readableRoom(name)
        return try await existingRoom(name)
    }

    package func updateRoom(_ name: RoomName, _ change: RoomChange) async throws(ChatError) -> Room {
        try spend(.change)
        let access = try await access(to: name)
        let onlyTopic = change.name == nil && change.archived == nil
        let rule = RoomRule(in: access.room.id) { access, _ throws(ChatError) in
            if onlyTopic {
                try access.requireModerating(nil, for: "set the topic")
            } else {
                try access.requireOwning(for: "be changed")
            }
        }
        try rule.require(access, nil)
        let act = act(of: change, on: access.room, under: rule)
        let updated = try await store.updateRoom(access.room.id, change, at: now(), act: act)
        await chat.show(act)
        return updated
    }

    package func deleteRoom(_ name: RoomName) async throws(ChatError) {
        let access = try await access(to: name)
        let rule = RoomRule(in: access.room.id) { access, _ throws(ChatError) in
            try access.requireOwning(for: "be deleted")
        }
        if access.kind != .direct || !caller.isOperator { try rule.require(access, nil) }
        let act = Act("room.delete", by: caller, on: name.text, events: [.roomDeleted(access.room)], under: rule)
        try await store.deleteRoom(access.room.id, at: now(), act: act)
        await chat.show(act)
    }

    package func directRoom(_ first: Username, _ second: Username) async throws(ChatError) -> (room: Room, made: Bool) {
        guard caller.isOperator || caller.user?.username == first || caller.user?.username == second else {
            throw ChatError(.notAllowed, "direct room: you must be one of its two users")
        }
        guard first != second else {
            throw ChatError(.invalidInput, "direct room: needs two different users")
        }
        let users = (try await existingUser(first), try await existingUser(second))
        if let known = try await store.directRoom(of: users.0.id, users.1.id, at: now()) { return (known, false) }
        for user in [users.0, users.1] where user.isDisabled { throw .accountDisabled(user.username) }
        try spend(.room)
        let fresh = RoomName(stored: "direct-" + String(UInt64.random(in: .min ... .max), radix: 36))
        let (room, made) = try await store.makeDirectRoom(users.0.id, users.1.id, freshName: fresh, at: now())
        if made {
            await chat.announce([.roomGained(users.0.id, room.reference), .roomGained(users.1.id, room.reference)])
        } else {
            giveBack(.room)
        }
        return (room, made)
    }

    private func existingRoom(_ name: RoomName) async throws(ChatError) -> Room {
        guard let room = try await store.room(named: name, at: now()) else { throw .noRoom(name) }
        return room
    }

    private func act(of change: RoomChange, on room: RoomReference, under rule: RoomRule) -> Act {
        let action = change.name != nil ? "rename" : change.archived.map { $0 ? "archive" : "unarchive" } ?? "topic"
        return Act(
            "room.\(action)", by: caller, on: room.name.text, detail: change.name?.text ?? "",
            events: [.roomChanged(room)], under: rule)
    }
}
