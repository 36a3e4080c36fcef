import ChatCore
import Testing

extension StoreContract {
    static let roomChecks = [
        StoreCheck("a user may have created a thousand rooms that exist, an administrator more") { contract in
            try await contract.boundsRoomsOfAUser()
        },
        StoreCheck("a new room has its owner and its members") { contract in
            let (owner, member) = (try await contract.makeUser("a"), try await contract.makeUser("b"))
            let room = try await contract.makeRoom(isPrivate: true, owner: owner, members: [member, owner])
            #expect(room.memberCount == 2 && room.lastSeq == 0 && room.kind == .private && !room.isArchived)
            #expect(try await contract.other.room(named: room.name, at: contract.now) == room)
            #expect(try await contract.other.room(room.id, at: contract.now) == room)
            #expect(
                try await contract.store.members(of: room.id) == [
                    Member(username: owner.username, role: .owner, joinedAt: contract.now),
                    Member(username: member.username, role: .member, joinedAt: contract.now),
                ])
            #expect(try await contract.store.memberIDs(of: room.id) == [owner.id, member.id])
        },
        StoreCheck("a room tells when its last message was posted, and is idle since then or since it was made") {
            contract in
            let (user, spoken) = (try await contract.makeUser(), try await contract.makeRoom())
            let silent = try await contract.makeRoom()
            for room in [spoken, silent] {
                _ = try await contract.store.setMember(
                    user.id, of: room.id, role: nil, at: contract.now, act: contract.act)
            }
            let later = contract.now + .seconds(60)
            _ = try await contract.store.append([contract.draft("m", by: user, in: spoken)], at: later)
            func idle(since moment: Timestamp) async throws -> Set<RoomName> {
                let filter = RoomFilter(member: user.username, idleSince: moment)
                return Set(try await contract.other.rooms(filter, visibleTo: nil, at: later).map(\.name))
            }
            #expect(try await contract.other.room(silent.id, at: later)?.lastMessageAt == nil)
            #expect(try await contract.other.room(spoken.id, at: later)?.lastMessageAt == later)
            #expect(try await idle(since: later) == [spoken.name, silent.name])
            #expect(try await idle(since: later - .milliseconds(1)) == [silent.name])
            #expect(try await idle(since: contract.now) == [silent.name])
            #expect(try await idle(since: contract.now - .milliseconds(1)) == [])
        },
        StoreCheck("a room with an unknown member is not made") { contract in
            let name = try RoomName(contract.unique("room"))
            let new = try NewRoom(
                name: name, isPrivate: false, topic: "", members: [Username(contract.unique("nobody"))])
            await expect(.userNotFound) {
                _ = try await contract.store.insertRoom(new, owner: nil, at: contract.now, act: contract.act)
            }
            #expect(try await contract.store.room(named: name, at: contract.now) == nil)
        },
        StoreCheck("a taken room name is refused, also as a new name") { contract in
            let (first, second) = (try await contract.makeRoom(), try await contract.makeRoom())
            let again = try NewRoom(name: first.name, isPrivate: false, topic: "", members: [])
            await expect(.alreadyExists) {
                _ = try await contract.store.insertRoom(again, owner: nil, at: contract.now, act: contract.act)
            }
            await expect(.alreadyExists) {
                _ = try await contract.store.updateRoom(
                    second.id, RoomChange(name: first.name), at: contract.now, act: contract.act)
            }
        },
        StoreCheck("a change of a room writes what it names and leaves the rest") { contract in
            let room = try await contract.makeRoom()
            let name = try RoomName(contract.unique("renamed"))
            let store = contract.store
            let topic = try await store.updateRoom(
                room.id, RoomChange(topic: "news"), at: contract.now, act: contract.act)
            #expect(topic.topic == "news" && topic.name == room.name)
            let renamed = try await store.updateRoom(
                room.id, RoomChange(name: name, archived: true), at: contract.now, act: contract.act)
            #expect(renamed.name == name && renamed.topic == "news" && renamed.isArchived)
            let open = try await store.updateRoom(
                room.id, RoomChange(archived: false), at: contract.now, act: contract.act)
            #expect(!open.isArchived)
            await expect(.roomNotFound) {
                _ = try await store.updateRoom(
                    RoomID(.max), RoomChange(topic: "x"), at: contract.now, act: contract.act)
            }
        },
        StoreCheck("a deleted room is gone with everything in it") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom(owner: user)
            try await contract.post("x", by: user, in: room)
            try await contract.store.deleteRoom(room.id, at: contract.now, act: contract.act)
            #expect(try await contract.store.room(room.id, at: contract.now) == nil)
            #expect(try await contract.store.lastSeq(of: room.id) == nil)
            #expect(try await contract.store.messages(in: room.reference, .latest, limit: 9).isEmpty)
            #expect(try await contract.store.members(of: room.id).isEmpty)
            await expect(.roomNotFound) {
                try await contract.store.deleteRoom(room.id, at: contract.now, act: contract.act)
            }
        },
        StoreCheck("a list shows the rooms of a kind, of a member, and only what may be seen") { contract in
            try await contract.listsRooms()
        },
        StoreCheck("two users have one direct room, in either order and however many ask at once") { contract in
            try await contract.makesOneDirectRoom()
        },
        StoreCheck("access tells role, restrictions and site role") { contract in
            let (admin, member) = (try await contract.makeUser(role: .admin), try await contract.makeUser())
            let room = try await contract.makeRoom(isPrivate: true, members: [member])
            let standing = try await contract.access(to: room, of: admin)
            #expect(standing.isSiteAdmin && standing.role == nil)
            #expect(try await contract.access(to: room, of: member).role == .member)
            let nobody = try await contract.access(to: room, of: nil)
            #expect(nobody.role == nil && !nobody.isBanned && !nobody.isSiteAdmin && nobody.room == room.reference)
            let unknown = try RoomName(contract.unique("room"))
            #expect(try await contract.store.access(to: unknown, for: member.id, at: contract.now) == nil)
        },
    ]

    private func access(to room: Room, of user: User?) async throws -> RoomAccess {
        try #require(try await store.access(to: room.name, for: user?.id, at: now))
    }

    private func listsRooms() async throws {
        let (member, stranger) = (try await makeUser(), try await makeUser())
        let open = try await makeRoom()
        let closed = try await makeRoom(isPrivate: true, members: [member])
        func names(_ filter: RoomFilter, _ viewer: User?) async throws -> [RoomName] {
            try await other.rooms(filter, visibleTo: viewer?.id, at: now).map(\.name)
        }
        #expect(try await names(RoomFilter(member: member.username), nil) == [closed.name])
        #expect(try await names(RoomFilter(member: member.username), stranger) == [])
        let visible = try await names(RoomFilter(), stranger)
        #expect(visible.contains(open.name) && !visible.contains(closed.name))
        #expect(visible == visible.sorted())
        #expect(try await names(RoomFilter(), member).contains(closed.name))
        let kind = try await names(RoomFilter(kind: .private, member: member.username), member)
        #expect(kind == [closed.name])
        #expect(try await names(RoomFilter(kind: .public, member: member.username), nil) == [])
        try await readsPages(of: visible) { page in try await names(RoomFilter(page: page), stranger) }
    }

    /// Expects that pages put together are the whole list.
    func readsPages<Key: Equatable>(
        of all: [Key], _ read: (ListPage<Key>) async throws -> [Key]
    ) async throws {
        var joined: [Key] = []
        while true {
            let page = try await read(ListPage(after: joined.last, most: 2))
            #expect(page.count <= 2)
            joined += page
            if page.count < 2 { break }
        }
        #expect(joined == all)
    }

    private func makesOneDirectRoom() async throws {
        let (first, second) = (try await makeUser(), try await makeUser())
        let made = try await withThrowingTaskGroup(of: (RoomID, Bool).self) { group in
            for index in 0..<8 {
                let pair = index.isMultiple(of: 2) ? (first.id, second.id) : (second.id, first.id)
                let (side, name) = (index < 4 ? store : other, try RoomName(unique("direct")))
                group.addTask {
                    let answer = try await side.makeDirectRoom(pair.0, pair.1, freshName: name, at: now)
                    return (answer.room.id, answer.made)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(made.map(\.0)).count == 1)
        #expect(made.filter(\.1).count == 1)
        let id = try #require(made.first).0
        let room = try #require(try await store.room(id, at: now))
        #expect(room.kind == .direct && room.memberCount == 2)
        #expect(try await store.memberIDs(of: room.id) == [first.id, second.id].sorted { $0.value < $1.value })
    }

    private func boundsRoomsOfAUser() async throws {
        let (user, admin) = (try await makeUser(), try await makeUser(role: .admin))
        func make(by maker: User) async throws -> Room {
            let new = try NewRoom(name: RoomName(unique("many")), isPrivate: true, topic: "", members: [])
            let act = Act("room.create", by: .user(maker), on: new.name.text)
            return try await store.insertRoom(new, owner: user.id, at: now, act: act)
        }
        for _ in 1..<Limits.roomsPerUser { _ = try await make(by: admin) }
        let last = try await make(by: user)
        await expect(.notAllowed) { _ = try await make(by: user) }
        _ = try await make(by: admin)
        try await store.deleteRoom(last.id, at: now, act: act)
        await expect(.notAllowed) { _ = try await make(by: user) }
    }
}
