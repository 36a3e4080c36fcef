import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// Random acts on two nodes over one database: what a client of either shows after the events is what it would fetch.
@Suite struct MessageModelTests {
    @Test(arguments: 0..<6) func `what is shown after the events is what is fetched afresh`(seed: Int) async throws {
        let folder = try TemporaryFolder()
        let nodes = [
            try await TestNode("one", in: folder, coder: TextCoder()),
            try await TestNode("two", in: folder, coder: TextCoder()),
        ]
        var acts = try await RandomActs(nodes: nodes, seed: seed)
        for _ in 1...12 {
            try await acts.postEverywhere()
            try await acts.actOnce()
            await acts.settle()
        }
        for node in nodes {
            let shown = Shown(node.hub.items)
            #expect(shown.faults == [], "seed \(seed)")
            for room in try await node.store.rooms(RoomFilter(), visibleTo: nil, at: node.clock.now) {
                let log = try await node.store.messages(in: room.reference, .latest, limit: 10_000)
                let caughtUp = await node.hub.wait { Shown($0.items).texts[room.id]?.count ?? 0 == log.count }
                #expect(caughtUp, "seed \(seed): \(room.name)")
                #expect(Shown(node.hub.items).texts[room.id] ?? [:] == Shown.texts(of: log), "seed \(seed)")
                if let shape = shown.rooms[room.id] {
                    #expect(shape.name == room.name && shape.topic == room.topic, "seed \(seed)")
                    #expect(shape.isArchived == room.isArchived, "seed \(seed)")
                }
            }
            for user in acts.users {
                let fetched = try await node.store.rooms(
                    RoomFilter(member: user.username), visibleTo: nil, at: node.clock.now
                ).map(\.id)
                #expect(shown.memberships[user.id] ?? [] == Set(fetched), "seed \(seed): \(user.username)")
            }
        }
        for node in nodes { await node.close() }
    }
}

/// What clients of one node would show.
private struct Shown {
    /// Bodies by `seq`; empty for a deleted message.
    private(set) var texts: [RoomID: [Int64: String]] = [:]
    private(set) var rooms: [RoomID: Room] = [:]
    /// The rooms in each user's list.
    private(set) var memberships: [UserID: Set<RoomID>] = [:]
    /// What no client should see.
    private(set) var faults: [String] = []

    init(_ items: [HubItem]) {
        var positions: [RoomID: Int64] = [:]
        for item in items {
            switch item {
            case .open(let room, let position): positions[room] = position
            case .batch(let batch):
                if batch.firstSeq != (positions[batch.room] ?? -1) + 1 { faults.append("hole or repetition") }
                positions[batch.room] = batch.lastSeq
                for (seq, text) in batch.texts { texts[batch.room, default: [:]][seq] = text }
            case .room(let room, let members):
                rooms[room.id] = room
                for user in members { memberships[user, default: []].insert(room.id) }
            case .event(let event): take(event)
            case .edited(let message): texts[message.room.id, default: [:]][message.seq] = message.body.text
            case .presence, .counts, .grown, .recheck, .restored: break
            }
        }
    }

    private mutating func take(_ event: Event) {
        switch event {
        case .messageDeleted(let room, let seq): texts[room.id, default: [:]][seq] = ""
        case .removed(let user, let room, _): memberships[user]?.remove(room.id)
        case .roomDeleted(let room):
            rooms[room.id] = nil
            texts[room.id] = nil
            for user in memberships.keys { memberships[user]?.remove(room.id) }
        default: break
        }
    }

    static func texts(of log: [Message]) -> [Int64: String] {
        Dictionary(uniqueKeysWithValues: log.map { ($0.seq, $0.body.text) })
    }
}

/// Makes random acts of random people on random nodes; refusals are part of it.
private struct RandomActs {
    let nodes: [TestNode]
    let users: [User]
    private var random: Seeded
    private var number = 0
    private let names = ["general", "plans", "music"]

    init(nodes: [TestNode], seed: Int) async throws {
        self.nodes = nodes
        random = Seeded(seed)
        var users: [User] = []
        for name in ["root", "alice", "bob", "carol"] {
            users.append(try await nodes[0].makeUser(name, role: name == "root" ? .admin : .user))
        }
        self.users = users
        for name in names {
            let room = try await nodes[0].service(for: users[0]).createRoom(
                NewRoom(
                    name: RoomName(name), isPrivate: name == "plans", topic: "",
                    members: users.dropFirst().map(\.username)))
            for node in nodes {
                try await node.chat.delivery.open(room.reference)
                node.chat.attach(node.hub, to: room.id)
            }
        }
        await settle()
    }

    private mutating func anyNode() -> TestNode { nodes[Int.random(in: 0..<nodes.count, using: &random)] }

    private mutating func anyUser() -> User { users[Int.random(in: 1..<users.count, using: &random)] }

    private mutating func anyRoom() async throws -> Room? {
        try await nodes[0].store.rooms(RoomFilter(), visibleTo: nil, at: nodes[0].clock.now).randomElement(
            using: &random)
    }

    /// Posts at the same time on both nodes.
    mutating func postEverywhere() async throws {
        var posts: [(LocalChat, RoomName, MessageBody)] = []
        for node in nodes {
            guard let room = try await anyRoom() else { continue }
            for _ in 1...Int.random(in: 1...4, using: &random) {
                number += 1
                posts.append((node.service(for: anyUser()), room.name, try MessageBody("m\(number)")))
            }
        }
        await withTaskGroup { group in
            for (service, room, body) in posts {
                group.addTask { _ = try? await service.send(body, to: room, clientID: nil) }
            }
        }
    }

    /// One act of an administrator or a user. What may not be is refused, which must show nothing either.
    mutating func actOnce() async throws {
        guard let room = try await anyRoom() else { return }
        let (node, user) = (anyNode(), anyUser())
        let (root, service) = (node.service(for: users[0]), node.service(for: user))
        number += 1
        switch Int.random(in: 0...10, using: &random) {
        case 0:
            _ = try? await root.updateRoom(
                room.name, RoomChange(name: RoomName("\(room.name.text.prefix(5))-\(number)")))
        case 1: _ = try? await root.updateRoom(room.name, RoomChange(archived: !room.isArchived))
        case 2: _ = try? await root.updateRoom(room.name, RoomChange(topic: "topic \(number)"))
        case 3: _ = try? await root.kick(user.username, from: room.name)
        case 4: try? await root.restrict(.ban, user.username, in: room.name, for: nil, reason: "")
        case 5: _ = try? await root.lift(.ban, from: user.username, in: room.name)
        case 6: try? await service.setMember(user.username, of: room.name, role: nil)
        case 7: try? await root.setMember(user.username, of: room.name, role: .moderator)
        case 8: try? await service.removeMember(user.username, of: room.name)
        case 9: if number % 5 == 0 { try? await root.deleteRoom(room.name) }
        default:
            let seq = Int64.random(in: 1...max(1, room.lastSeq), using: &random)
            if number % 3 == 0 { try? await root.deleteMessage(in: room.name, seq: seq) }
            // Most are somebody else's.
            for user in users {
                let service = node.service(for: user)
                _ = try? await service.editMessage(in: room.name, seq: seq, to: MessageBody("edit \(number)"))
            }
        }
    }

    /// Waits until each node has heard everything of the other.
    func settle() async {
        for (index, node) in nodes.enumerated() {
            let mark = Event.sessionEnded(UserID(-Int64.random(in: 1...Int64.max)), tokenID: nil)
            await node.chat.announce([mark])
            let other = nodes[1 - index]
            #expect(await other.hub.wait { $0.events.contains(mark) })
        }
    }
}
