import Testing

@testable import ChatBench

@Suite struct PresenceWatchTests {
    private static let millisecond: UInt64 = 1_000_000

    private static func watch(everyone: Int?, _ frames: [(milliseconds: UInt64, count: Int)]) -> PresenceWatch {
        var watch = PresenceWatch(everyone: everyone)
        for frame in frames { watch.take(frame.count, at: frame.milliseconds * millisecond) }
        return watch
    }

    @Test func `presence has settled with the first frame that shows everyone`() {
        let watch = Self.watch(everyone: 3, [(100, 1), (350, 3), (600, 3)])
        #expect(watch.isSettled && watch.settledMilliseconds(after: 300 * Self.millisecond) == 50)
    }

    @Test func `a frame that shows fewer again unsettles it`() {
        #expect(!Self.watch(everyone: 3, [(100, 3), (350, 2)]).isSettled)
        let again = Self.watch(everyone: 3, [(100, 3), (350, 2), (600, 3)])
        #expect(again.settledMilliseconds(after: 0) == 600)
    }

    @Test func `it may have settled with the last join`() {
        #expect(Self.watch(everyone: 1, [(100, 1)]).settledMilliseconds(after: 200 * Self.millisecond) == 0)
    }

    @Test func `without knowing everyone there is nothing to wait for`() {
        let watch = Self.watch(everyone: nil, [(100, 3)])
        #expect(watch.isSettled && watch.settledMilliseconds(after: 0) == nil)
    }

    @Test func `the most frames of any second are counted`() {
        #expect(Self.watch(everyone: 9, []).mostPerSecond == 0)
        #expect(Self.watch(everyone: 9, [(0, 1)]).mostPerSecond == 1)
        let bursts: [UInt64] = [0, 2_000, 2_250, 2_500, 2_750, 3_000, 9_000]
        #expect(Self.watch(everyone: 9, bursts.map { ($0, 1) }).mostPerSecond == 4)
    }

    @Test func `frames that moved a little closer in transit are still four a second`() {
        let times: [UInt64] = [0, 250, 500, 750, 980, 1_230]
        #expect(Self.watch(everyone: 9, times.map { ($0, 1) }).mostPerSecond == 4)
        let tooMany: [UInt64] = [0, 200, 400, 600, 800]
        #expect(Self.watch(everyone: 9, tooMany.map { ($0, 1) }).mostPerSecond == 5)
    }
}
