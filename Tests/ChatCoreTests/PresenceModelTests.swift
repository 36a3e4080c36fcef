import ChatTestKit
import Testing

@testable import ChatCore

/// Random comings and goings on two nodes: who a client of either shows to be online is who is.
@Suite struct PresenceModelTests {
    @Test(arguments: 0..<4) func `who is shown after the events is who is online`(seed: Int) async throws {
        let folder = try TemporaryFolder()
        let nodes = [try await TestNode("one", in: folder), try await TestNode("two", in: folder)]
        var random = Seeded(seed)
        let room = try await nodes[0].maker.makeRoom()
        for node in nodes {
            try await node.chat.delivery.open(room.reference)
            node.chat.attach(node.hub, to: room.id)
        }
        // Each comes and goes on a node of their own; the last two also stay on the other one all the time.
        var users: [User] = []
        for name in ["alice", "bob", "carol", "dave"] { users.append(try await nodes[0].makeUser(name)) }
        func service(_ user: Int, _ node: Int) -> LocalChat { nodes[node].service(for: users[user]) }
        _ = service(2, 1).enter(room.reference)
        _ = service(3, 0).enter(room.reference)
        #expect(try await eventually { try await nodes[0].store.onlineCount(in: room.id, at: folder.clock.now) == 2 })
        var connections = [0, 0, 0, 0]
        for _ in 1...150 {
            let user = Int.random(in: 0...3, using: &random)
            if Bool.random(using: &random) || connections[user] == 0 {
                _ = service(user, user % 2).enter(room.reference)
                connections[user] += 1
            } else {
                service(user, user % 2).leave(room.reference)
                connections[user] -= 1
            }
            if Int.random(in: 0...9, using: &random) == 0 { await Task.yield() }
        }
        var expected: [Username: Int] = [:]
        for user in users.indices {
            let count = connections[user] + (user > 1 ? 1 : 0)
            if count > 0 { expected[users[user].username] = count }
        }
        let online = Set(expected.keys)
        // The counts are right once the last write is done, which the names alone may be in between, too.
        let isWritten = try await eventually {
            let fetched = try await service(0, 0).presence(in: room.name).users
            return Dictionary(uniqueKeysWithValues: fetched.map { ($0.username, $0.connections) }) == expected
        }
        #expect(isWritten, "seed \(seed)")
        for (index, node) in nodes.enumerated() {
            let isRight = await node.hub.wait {
                Shown($0.items).online == online && Shown($0.items).count == online.count
            }
            #expect(isRight, "seed \(seed): shown \(Shown(node.hub.items).online), online \(online)")
            #expect(try await service(0, index).room(named: room.name).onlineCount == online.count)
        }
        // A node that goes takes along whom it alone held.
        await nodes[1].close()
        let left = Set([0, 2, 3].filter { $0 == 3 || connections[$0] > 0 }.map { users[$0].username })
        let isRight = await nodes[0].hub.wait { Shown($0.items).online == left && Shown($0.items).count == left.count }
        #expect(isRight, "seed \(seed): shown \(Shown(nodes[0].hub.items).online), online \(left)")
        await nodes[0].close()
    }
}

/// What clients of one node would show of one room.
private struct Shown {
    private(set) var online: Set<Username> = []
    private(set) var count = 0

    init(_ items: [HubItem]) {
        for item in items {
            guard case .presence(let change, let count) = item else { continue }
            online.formUnion(change.joined)
            online.subtract(change.left)
            self.count = count
        }
    }
}
