import Testing

@testable import ChatBench

@Suite struct LoadClockTests {
    @Test func `the clock does not go back`() {
        let readings = (0..<1_000).map { _ in LoadClock.now() }
        #expect(zip(readings, readings.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func `the thread's CPU grows with its work`() {
        let start = LoadClock.threadCPU()
        var readings = 0
        repeat { readings += 1 } while LoadClock.threadCPU() == start
        #expect(LoadClock.threadCPU() > start && readings > 0)
    }

    @Test func `a later reading is so many nanoseconds ahead, an earlier one none`() {
        #expect(UInt64(150).since(100) == 50)
        #expect(UInt64(100).since(150) == 0 && UInt64(100).since(100) == 0)
    }
}
