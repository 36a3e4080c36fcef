import ChatCore

// What tests never hold: accounts, tokens, rooms and members.

extension WatchedStore: UserStore {
    package func insertUser(
        _ user: NewUser, passwordHash: String?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> User {
        try await store.insertUser(user, passwordHash: passwordHash, at: moment, act: act)
    }

    package func user(named name: Username) async throws(ChatError) -> User? { try await store.user(named: name) }

    package func users(_ page: ListPage<Username>) async throws(ChatError) -> [User] {
        try await store.users(page)
    }
    package func hasAdministrator() async throws(ChatError) -> Bool { try await store.hasAdministrator() }

    package func passwordHash(of name: Username) async throws(ChatError) -> String? {
        try await store.passwordHash(of: name)
    }

    package func updateUser(
        _ id: UserID, _ change: StoredUserChange, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> User {
        try await store.updateUser(id, change, at: moment, act: act)
    }

    package func deleteUser(_ id: UserID, at moment: Timestamp, act: Act) async throws(ChatError) {
        try await store.deleteUser(id, at: moment, act: act)
    }
}

extension WatchedStore: TokenStore {
    package func insertToken(_ token: NewToken, act: Act?) async throws(ChatError) -> Token {
        try await store.insertToken(token, act: act)
    }

    package func authenticate(digest: [UInt8], at moment: Timestamp) async throws(ChatError) -> Credential? {
        try await store.authenticate(digest: digest, at: moment)
    }

    package func noteUses(_ uses: [Int64: Timestamp]) async throws(ChatError) { try await store.noteUses(uses) }

    package func isLive(token: Int64, at moment: Timestamp) async throws(ChatError) -> Bool {
        try await store.isLive(token: token, at: moment)
    }

    package func tokens(of user: UserID, _ page: ListPage<Int64>) async throws(ChatError) -> [Token] {
        try await store.tokens(of: user, page)
    }

    package func deleteToken(
        _ id: Int64, of user: UserID, at moment: Timestamp, act: Act?
    ) async throws(ChatError) -> Bool {
        try await store.deleteToken(id, of: user, at: moment, act: act)
    }
}

extension WatchedStore: RoomStore {
    package func insertRoom(
        _ room: NewRoom, owner: UserID?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Room {
        try await store.insertRoom(room, owner: owner, at: moment, act: act)
    }

    package func room(named name: RoomName, at moment: Timestamp) async throws(ChatError) -> Room? {
        try await store.room(named: name, at: moment)
    }

    package func room(_ id: RoomID, at moment: Timestamp) async throws(ChatError) -> Room? {
        try await store.room(id, at: moment)
    }

    package func rooms(
        _ filter: RoomFilter, visibleTo user: UserID?, at moment: Timestamp
    ) async throws(ChatError) -> [Room] {
        try await store.rooms(filter, visibleTo: user, at: moment)
    }

    package func updateRoom(
        _ id: RoomID, _ change: RoomChange, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Room {
        try await store.updateRoom(id, change, at: moment, act: act)
    }

    package func deleteRoom(_ id: RoomID, at moment: Timestamp, act: Act) async throws(ChatError) {
        try await store.deleteRoom(id, at: moment, act: act)
    }

    package func directRoom(
        of first: UserID, _ second: UserID, at moment: Timestamp
    ) async throws(ChatError) -> Room? {
        try await store.directRoom(of: first, second, at: moment)
    }

    package func makeDirectRoom(
        _ first: UserID, _ second: UserID, freshName: RoomName, at moment: Timestamp
    ) async throws(ChatError) -> (room: Room, made: Bool) {
        try await store.makeDirectRoom(first, second, freshName: freshName, at: moment)
    }

    package func access(
        to name: RoomName, for user: UserID?, at moment: Timestamp
    ) async throws(ChatError) -> RoomAccess? {
        try await store.access(to: name, for: user, at: moment)
    }
}

extension WatchedStore: MemberStore {
    package func members(of room: RoomID, _ page: ListPage<Username>) async throws(ChatError) -> [Member] {
        try await store.members(of: room, page)
    }

    package func memberIDs(of room: RoomID) async throws(ChatError) -> [UserID] {
        try await store.memberIDs(of: room)
    }

    package func role(of user: UserID, in room: RoomID) async throws(ChatError) -> MemberRole? {
        try await store.role(of: user, in: room)
    }

    package func setMember(
        _ user: UserID, of room: RoomID, role: MemberRole?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> MembershipOutcome {
        try await store.setMember(user, of: room, role: role, at: moment, act: act)
    }

    package func removeMember(
        _ user: UserID, of room: RoomID, orStranger: Bool, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Bool {
        try await store.removeMember(user, of: room, orStranger: orStranger, at: moment, act: act)
    }

    package func restrict(
        _ user: UserID, in room: RoomID, _ restriction: Restriction, at moment: Timestamp, act: Act
    ) async throws(ChatError) {
        try await store.restrict(user, in: room, restriction, at: moment, act: act)
    }

    package func restrictions(
        in room: RoomID, at moment: Timestamp
    ) async throws(ChatError) -> [ImposedRestriction] {
        try await store.restrictions(in: room, at: moment)
    }

    package func lift(
        _ kind: RestrictionKind, from user: UserID, in room: RoomID, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Bool {
        try await store.lift(kind, from: user, in: room, at: moment, act: act)
    }
}
