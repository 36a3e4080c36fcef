import ChatTestKit
import Testing

@testable import ChatCore

/// Typing on its way to other nodes.
@Suite struct TypingRelayTests {
    private let room = RoomReference(id: RoomID(1), name: RoomName(stored: "general"))

    @Test func `everybody is told of once, and again when they type again later`() async throws {
        let bus = ManualBus()
        let relay = TypingRelay(bus: bus)
        let (alice, bob) = (try Username("alice"), try Username("bob"))
        for _ in 1...10 { for name in [alice, bob] { relay.send(room, name) } }
        #expect(await eventually { bus.published.count >= 2 })
        let first = bus.published.count
        #expect(first <= 4)
        #expect(Set(bus.published.map(String.init(describing:))).count == 2)
        // The relay rests once nothing waits; the next one wakes it.
        #expect(
            await eventually {
                relay.send(room, alice)
                return bus.published.count > 4
            })
    }
}
