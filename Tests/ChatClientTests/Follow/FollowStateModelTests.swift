import ChatCore
import ChatTestKit
import Testing

@testable import ChatClient

/// Random acts of a server and of a consumer: what the feed gives out of each room is its log, once and in order.
@Suite struct FollowStateModelTests {
    private static let rooms = ["a", "b", "c"].map { RoomName(stored: $0) }

    /// A feed's state between the model of a server and the record of what the consumer got.
    private struct Model {
        var server = ModelServer(rooms: FollowStateModelTests.rooms)
        var state = FollowState()
        var actions: [FollowState.Action] = []
        var rejoins: [FollowState.Join] = []
        /// The last message the consumer got of each room it follows, and of those it followed before.
        var followed: Set<RoomName> = []
        var last: [RoomName: Int64] = [:]
        var faults: [String] = []
        var random: Seeded

        mutating func act() {
            let room = FollowStateModelTests.rooms.randomElement(using: &random) ?? Frames.general
            switch Int.random(in: 0..<24, using: &random) {
            case 0..<6: server.post(to: room, &random)
            case 6..<12: step()
            case 12..<18: server.work(&random)
            case 18, 19: add(room)
            case 20: remove(room)
            case 21: server.kick(from: room)
            case 22: if let join = rejoins.popLast() { send(state.rejoin(join)) }
            default: lose()
            }
        }

        /// What the consumer does when it asks for the next item: an action that is due, else a frame, else connecting.
        mutating func step() {
            if !actions.isEmpty {
                perform(actions.removeFirst())
            } else if !server.isConnected {
                server.connect()
                actions += state.connected()
            } else if let frame = server.nextFrame() {
                actions += state.received(frame)
            }
        }

        mutating func add(_ room: RoomName) {
            followed.insert(room)
            if !state.follows(room) { actions.removeAll { $0.isItem(of: room) } }
            send(state.add(RoomPosition(room: room, after: last[room] ?? 0)))
        }

        mutating func remove(_ room: RoomName) {
            followed.remove(room)
            send(state.remove(room))
            actions.removeAll { $0.isItem(of: room) }
        }

        /// The connection breaks when the consumer is about to read from it.
        mutating func lose() {
            guard server.isConnected, actions.isEmpty else { return }
            server.disconnect()
            actions += state.closed(code: 1006)
        }

        private mutating func send(_ actions: [FollowState.Action]) {
            for case .send(let text) in actions { server.receive(text) }
        }

        private mutating func perform(_ action: FollowState.Action) {
            switch action {
            case .item(.message(let message)): take(message)
            case .item(.removed(let room, _)):
                if followed.remove(room) == nil { faults.append("\(room) was lost twice") }
            case .item: break
            case .send(let text): server.receive(text)
            case .fetch(let gap): actions = state.fetched(server.messages(gap), for: gap) + actions
            case .rejoin(let join, _, _): rejoins.append(join)
            case .reconnect: server.disconnect()
            case .fail(let error): faults.append("the feed failed: \(error.message)")
            }
        }

        private mutating func take(_ message: Message) {
            let room = message.room.name
            if !followed.contains(room) { faults.append("\(room) \(message.seq) is of a room not followed") }
            if message.seq != (last[room] ?? 0) + 1 { faults.append("\(room) \(message.seq) after \(last[room] ?? 0)") }
            last[room] = message.seq
        }

        /// Everything that is on its way arrives.
        mutating func settle() {
            while !actions.isEmpty || !server.isConnected || !server.isIdle || !rejoins.isEmpty {
                step()
                server.work(&random)
                if let join = rejoins.popLast() { send(state.rejoin(join)) }
            }
        }
    }

    @Test(arguments: 0..<100) func `a feed gives out each log once and in order`(seed: Int) {
        var model = Model(random: Seeded(seed))
        for room in Self.rooms { model.add(room) }
        for _ in 0..<300 { model.act() }
        // What was lost last shows no gap; the next join brings it.
        model.settle()
        model.lose()
        model.settle()
        #expect(model.faults.isEmpty, "seed \(seed)")
        for room in model.followed {
            #expect(model.last[room] == model.server.logs[room], "seed \(seed): \(room)")
        }
    }
}
