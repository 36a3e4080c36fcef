import ChatCore
import ChatTestKit
import Testing

@testable import ChatClient

/// Random acts of a server and of a consumer: what the feed gives out of each room is its log, once and in order.
@Suite struct FollowStateModelTests {
    private static let rooms = ["a", "b", "c"].map { RoomName(stored: $0) }
    private static let names = rooms + ["d", "e"].map { RoomName(stored: $0) }

    /// A feed's state between the model of a server and the record of what the consumer got, by the epochs of logs.
    private struct Model {
        var server = ModelServer(rooms: FollowStateModelTests.rooms)
        var state = FollowState()
        var actions: [FollowState.Action] = []
        var rejoins: [FollowState.Join] = []
        /// The last message the consumer got of each log it follows, and of those it followed before.
        var followed: Set<String> = []
        var last: [String: Int64] = [:]
        var faults: [String] = []
        var random: Seeded

        mutating func act() {
            let room = FollowStateModelTests.rooms.randomElement(using: &random) ?? Frames.general
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: add(room)
            case 2: remove(room)
            case 3: server.kick(from: room)
            default: move(among: FollowStateModelTests.rooms)
            }
        }

        /// A room gets a name that is free just now; with few names, rooms often swap theirs.
        mutating func rename() {
            let (room, name) = (randomName(), randomName())
            server.rename(room, to: name)
        }

        private mutating func randomName() -> RoomName {
            FollowStateModelTests.names.randomElement(using: &random) ?? Frames.general
        }

        /// Messages, answers and losses on their way.
        mutating func move(among names: [RoomName]) {
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<6: server.post(to: names.randomElement(using: &random) ?? Frames.general, &random)
            case 6..<12: step()
            case 12..<18: server.work(&random)
            case 18: if let join = rejoins.popLast() { send(state.rejoin(join)) }
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
            guard let epoch = server.names[room] else { return }
            followed.insert(epoch)
            if !state.follows(room) { actions.removeAll { $0.isItem(of: room) } }
            send(state.add(RoomPosition(room: room, after: last[epoch] ?? 0, epoch: epoch)))
        }

        mutating func remove(_ room: RoomName) {
            guard let epoch = server.names[room] else { return }
            followed.remove(epoch)
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
            case .item(.message(let message, let epoch)): take(message, epoch)
            case .item(.removed(let room, _)):
                let lost = server.names[room].flatMap { followed.remove($0) }
                if lost == nil { faults.append("\(room) was lost twice") }
            case .item: break
            case .send(let text): server.receive(text)
            case .fetch(let gap):
                guard let log = state.log(of: gap) else { return }
                actions = state.fetched(server.messages(of: log, gap), for: gap) + actions
            case .identify(let name, let message):
                actions = state.identified(name, as: server.names[name], then: message) + actions
            case .locate(let epoch): actions = state.located(epoch, as: server.log(epoch: epoch)) + actions
            case .rejoin(let join, _, _): rejoins.append(join)
            case .reconnect: server.disconnect()
            case .fail(let error): faults.append("the feed failed: \(error.message)")
            }
        }

        private mutating func take(_ message: Message, _ epoch: String) {
            if !followed.contains(epoch) { faults.append("\(epoch) \(message.seq) is of a room not followed") }
            if message.seq != (last[epoch] ?? 0) + 1 {
                faults.append("\(epoch) \(message.seq) after \(last[epoch] ?? 0)")
            }
            last[epoch] = message.seq
        }

        /// Everything that is on its way arrives.
        mutating func settle() {
            while !actions.isEmpty || !server.isConnected || !server.isIdle || !rejoins.isEmpty {
                step()
                server.work(&random)
                if let join = rejoins.popLast() { send(state.rejoin(join)) }
            }
        }

        /// What was lost last shows no gap; the next join brings it.
        mutating func settleWithLoss() {
            settle()
            lose()
            settle()
        }

        mutating func check(_ seed: Int) {
            #expect(faults.isEmpty, "seed \(seed)")
            for epoch in followed { #expect(last[epoch] ?? 0 == server.logs[epoch], "seed \(seed): \(epoch)") }
        }
    }

    @Test(arguments: 0..<100) func `a feed gives out each log once and in order`(seed: Int) {
        var model = Model(random: Seeded(seed))
        for room in Self.rooms { model.add(room) }
        for _ in 0..<400 { model.act() }
        model.settleWithLoss()
        model.check(seed)
    }

    @Test(arguments: 0..<100) func `so it does while rooms are renamed and swap their names`(seed: Int) {
        var model = Model(random: Seeded(seed))
        for room in Self.rooms { model.add(room) }
        for number in 0..<400 {
            if number % 5 == 0 { model.rename() } else { model.move(among: Self.names) }
        }
        model.settleWithLoss()
        model.check(seed)
        #expect(model.followed.count == 3, "seed \(seed)")
    }
}
