import ChatCore
import Testing

extension StoreContract {
    static let presenceChecks = [
        StoreCheck("a user is online once over all nodes") { contract in
            try await contract.countsOverNodes()
        },
        StoreCheck("the end of a lease takes a node's users offline, and a sweep tells who left") { contract in
            try await contract.sweepsTheDead()
        },
        StoreCheck("a node of the same name takes the place of the earlier one") { contract in
            let (user, room) = (try await contract.makeUser(), try await contract.makeRoom())
            let name = contract.unique("node")
            let end = contract.now + .seconds(3_600)
            let (first, _) = try await contract.store.registerNode(named: name, at: contract.now, leaseUntil: end)
            _ = try await contract.store.writeSeats(
                contract.seats([user], in: room, connections: 3), of: first, at: contract.now)
            let (second, changes) = try await contract.other.registerNode(
                named: name, at: contract.now, leaseUntil: end)
            #expect(changes == [PresenceChange(room: room.reference, left: [user.username])])
            #expect(try await contract.store.onlineCount(in: room.id, at: contract.now) == 0)
            #expect(!(try await contract.store.renewLease(of: first, until: end)))
            #expect(try await contract.store.renewLease(of: second, until: end))
            await expect(.unavailable) {
                _ = try await contract.store.writeSeats(
                    contract.seats([user], in: room, connections: 1), of: first, at: contract.now)
            }
        },
        StoreCheck("a node that goes takes its users along") { contract in
            let (user, room) = (try await contract.makeUser(), try await contract.makeRoom())
            let nodes = [try await contract.makeNode(), try await contract.makeNode()]
            for node in nodes {
                _ = try await contract.store.writeSeats(
                    contract.seats([user], in: room, connections: 1), of: node, at: contract.now)
            }
            #expect(try await contract.store.removeNode(nodes[0], at: contract.now).isEmpty)
            let left = PresenceChange(room: room.reference, left: [user.username])
            #expect(try await contract.store.removeNode(nodes[1], at: contract.now) == [left])
            #expect(try await contract.store.removeNode(nodes[1], at: contract.now).isEmpty)
        },
        StoreCheck("seats of a room or an account that is gone fall away") { contract in
            let (user, room) = (try await contract.makeUser(), try await contract.makeRoom())
            let (gone, node) = (try await contract.makeRoom(), try await contract.makeNode())
            try await contract.store.deleteRoom(gone.id, at: contract.now, act: contract.act)
            let counts =
                contract.seats([user], in: gone, connections: 1) + contract.seats([user], in: room, connections: 1)
            let changes = try await contract.store.writeSeats(counts, of: node, at: contract.now)
            #expect(changes == [PresenceChange(room: room.reference, joined: [user.username])])
            _ = try await contract.store.removeNode(node, at: contract.now)
        },
    ]

    private func makeNode(life: Duration = .seconds(3_600)) async throws -> NodeID {
        try await store.registerNode(named: unique("node"), at: now, leaseUntil: now + life).node
    }

    private func countsOverNodes() async throws {
        let (alice, bob) = (try await makeUser("alice"), try await makeUser("bob"))
        let room = try await makeRoom()
        let (here, there) = (try await makeNode(), try await makeNode())
        func write(_ users: [User], _ connections: Int, _ node: NodeID) async throws -> [PresenceChange] {
            try await store.writeSeats(seats(users, in: room, connections: connections), of: node, at: now)
        }
        let joined = PresenceChange(room: room.reference, joined: [alice.username, bob.username])
        #expect(try await write([bob, alice], 2, here) == [joined])
        #expect(try await write([alice], 1, there) == [])
        #expect(try await write([alice], 3, here) == [])
        let users = [
            OnlineUser(username: alice.username, connections: 4, since: now),
            OnlineUser(username: bob.username, connections: 2, since: now),
        ]
        #expect(try await other.onlineUsers(in: room.id, at: now) == users)
        #expect(try await other.onlineCount(in: room.id, at: now) == 2)
        let empty = try await makeRoom()
        #expect(try await other.onlineCounts(in: [empty.id, room.id], at: now) == [room.id: 2])
        #expect(try await other.room(room.id, at: now)?.onlineCount == 2)
        #expect(try await write([alice], 0, here) == [])
        #expect(
            try await write([alice], 0, there) == [PresenceChange(room: room.reference, left: [alice.username])])
        #expect(try await write([alice], 0, there) == [])
        for node in [here, there] { _ = try await store.removeNode(node, at: now) }
    }

    private func sweepsTheDead() async throws {
        let (alice, bob) = (try await makeUser("alice"), try await makeUser("bob"))
        let room = try await makeRoom()
        let (dying, living) = (try await makeNode(life: .seconds(10)), try await makeNode())
        _ = try await store.writeSeats(seats([alice, bob], in: room, connections: 1), of: dying, at: now)
        _ = try await store.writeSeats(seats([bob], in: room, connections: 1), of: living, at: now)
        let later = now + .seconds(10)
        #expect(try await store.onlineUsers(in: room.id, at: later).map(\.username) == [bob.username])
        let swept = try await other.sweepNodes(at: later).filter { $0.room == room.reference }
        #expect(swept == [PresenceChange(room: room.reference, left: [alice.username])])
        #expect(try await store.sweepNodes(at: later).filter { $0.room == room.reference }.isEmpty)
        #expect(!(try await store.renewLease(of: dying, until: later + .seconds(9))))
        _ = try await store.removeNode(living, at: now)
    }
}
