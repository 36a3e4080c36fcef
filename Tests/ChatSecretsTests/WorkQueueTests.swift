import Dispatch
import Synchronization
import Testing

@testable import ChatSecrets

@Suite struct WorkQueueTests {
    /// Work that lasts until the test lets it end, and how much of it ran at once.
    private final class Gate: Sendable {
        private let counts = Mutex((running: 0, most: 0, done: 0, refused: 0))
        private let semaphore = DispatchSemaphore(value: 0)

        func work() -> Int {
            counts.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
            semaphore.wait()
            return counts.withLock {
                $0.running -= 1
                $0.done += 1
                return $0.done
            }
        }

        func refuse() { counts.withLock { $0.refused += 1 } }

        func open(_ count: Int) { for _ in 0..<count { semaphore.signal() } }

        var running: Int { counts.withLock { $0.running } }
        var refused: Int { counts.withLock { $0.refused } }
        var most: Int { counts.withLock { $0.most } }
    }

    private static func wait(until condition: () -> Bool) async -> Bool {
        for _ in 0..<1_000 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    @Test func `no more run at once than the queue is wide, no more wait than it is deep`() async {
        let (queue, gate) = (WorkQueue(width: 2, depth: 3), Gate())
        let results = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let result = await queue.run { gate.work() }
                    if result == nil { gate.refuse() }
                    return result
                }
            }
            #expect(
                await Self.wait { gate.running == 2 && gate.refused == 3 }, "sent away while others wait")
            gate.open(5)
            return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        #expect(results.sorted() == [1, 2, 3, 4, 5])
        #expect(gate.most == 2)
    }

    @Test func `after a rush the queue serves again`() async {
        let queue = WorkQueue(width: 1, depth: 1)
        for number in 0..<100 { #expect(await queue.run { number } == number) }
    }
}
