import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// Work that hangs is left behind, and work that ends is not.
@Suite struct BoundedWaitTests {
    @Test func `work that ends gives its result, however long the limit is`() async {
        #expect(await BoundedWait.run(until: .now + .seconds(3_600), { 7 }) == 7)
        #expect(await BoundedWait.run(until: nil, { 8 }) == 8)
        #expect(await BoundedWait.run({ 9 }, orUntil: { try? await Task.sleep(for: .seconds(3_600)) }) == 9)
    }

    @Test func `work that hangs is left behind and cancelled`() async {
        let gate = Gate()
        let wasCancelled = Atomic(false)
        let left = await BoundedWait.run(until: .now) { () -> Int in
            // What hangs hears of no cancellation.
            await gate.pass()
            wasCancelled.store(Task.isCancelled, ordering: .relaxed)
            return 1
        }
        #expect(left == nil)
        gate.open()
        #expect(await eventually { wasCancelled.load(ordering: .relaxed) })
    }
}
