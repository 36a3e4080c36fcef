import ChatCore
import ChatTestKit
import Testing

@testable import ChatServer

/// What a room's presence frames show, and when.
@Suite struct PresenceGatheringTests {
    private let room = RoomReference(id: RoomID(1), name: RoomName(stored: "general"))
    private let alice = Username(stored: "alice")
    private let bob = Username(stored: "bob")

    private func change(joined: [Username] = [], left: [Username] = []) -> PresenceChange {
        PresenceChange(room: room, joined: joined, left: left)
    }

    @Test func `the first change is due at once, later ones when the room has rested`() {
        var gathering = PresenceGathering()
        #expect(gathering.add(change(joined: [alice]), onlineCount: 1, receivers: 1) == true)
        #expect(gathering.take(room.id) == .init(change: change(joined: [alice]), onlineCount: 1))
        gathering.rest(room.id)
        #expect(gathering.add(change(joined: [bob]), onlineCount: 2, receivers: 1) == false)
        #expect(gathering.wake(room.id) == true)
        #expect(gathering.take(room.id) == .init(change: change(joined: [bob]), onlineCount: 2))
        gathering.rest(room.id)
        #expect(gathering.wake(room.id) == false)
        #expect(gathering.add(change(left: [bob]), onlineCount: 1, receivers: 1) == true)
    }

    @Test func `a resting room holds up no other`() {
        var gathering = PresenceGathering()
        gathering.rest(room.id)
        let other = RoomReference(id: RoomID(2), name: RoomName(stored: "plans"))
        #expect(gathering.add(PresenceChange(room: other, joined: [alice]), onlineCount: 1, receivers: 1) == true)
        #expect(gathering.take(room.id) == nil)
    }

    @Test func `who came and went in between is not named, and the count is the last one`() {
        var gathering = PresenceGathering()
        gathering.rest(room.id)
        _ = gathering.add(change(joined: [alice]), onlineCount: 5, receivers: 1)
        _ = gathering.add(change(joined: [bob], left: [alice]), onlineCount: 5, receivers: 1)
        _ = gathering.add(change(left: [bob]), onlineCount: 4, receivers: 1)
        #expect(gathering.take(room.id) == .init(change: change(), onlineCount: 4))
        _ = gathering.add(change(left: [alice]), onlineCount: 3, receivers: 1)
        _ = gathering.add(change(joined: [alice]), onlineCount: 4, receivers: 1)
        #expect(gathering.take(room.id) == .init(change: change(), onlineCount: 4))
    }

    @Test(arguments: [(1, 200), (1_000, 200), (2_000, 100), (10_000, 20), (1_000_000, 20), (0, 200)])
    func `the larger the crowd, the fewer the names`(receivers: Int, names: Int) {
        var gathering = PresenceGathering()
        for number in 0..<300 {
            let name = Username(stored: "user-\(number)")
            _ = gathering.add(change(joined: [name]), onlineCount: number + 1, receivers: receivers)
        }
        let sum = gathering.take(room.id)
        #expect(sum?.change.joined.count == names && sum?.onlineCount == 300)
    }

    @Test(arguments: 0..<50) func `names in the frames add up to who is there`(seed: Int) {
        var random = Seeded(seed)
        var (gathering, online, shown) = (PresenceGathering(), Set<Username>(), Set<Username>())
        func show() {
            guard let sum = gathering.take(room.id) else { return }
            #expect(shown.isDisjoint(with: sum.change.joined) && shown.isSuperset(of: sum.change.left))
            shown.formUnion(sum.change.joined)
            shown.subtract(sum.change.left)
            #expect(shown == online && sum.onlineCount == online.count)
            gathering.rest(room.id)
        }
        for _ in 0..<200 {
            let name = Username(stored: "user-\(Int.random(in: 0..<8, using: &random))")
            let comes = online.insert(name).inserted
            if !comes { online.remove(name) }
            let change = comes ? change(joined: [name]) : change(left: [name])
            if gathering.add(change, onlineCount: online.count, receivers: 3) { show() }
            if Int.random(in: 0..<5, using: &random) == 0, gathering.wake(room.id) { show() }
        }
        if gathering.wake(room.id) { show() }
        #expect(shown == online)
    }
}
