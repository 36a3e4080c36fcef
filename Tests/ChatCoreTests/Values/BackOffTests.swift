import ChatCore
import Testing

@Suite struct BackOffTests {
    private let backOff = BackOff(first: .milliseconds(100), longest: .seconds(2))

    @Test(arguments: [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_600), (6, 2_000), (7, 2_000), (1_000_000, 2_000)])
    func `each attempt may wait twice as long as the one before, up to the limit`(attempt: Int, longest: Int) {
        #expect(backOff.delay(attempt: attempt, jitter: 1) == .milliseconds(longest))
        #expect(backOff.delay(attempt: attempt, jitter: 0) == .milliseconds(longest / 2))
    }

    @Test func `jitter spreads the attempts of many clients`() {
        let delays = stride(from: 0.0, through: 1.0, by: 0.25).map { backOff.delay(attempt: 1, jitter: $0) }
        #expect(delays == [50, 62.5, 75, 87.5, 100].map { .microseconds($0 * 1_000) })
    }

    @Test(arguments: [0, -1, Int.min + 1]) func `an attempt before the first waits like the first`(attempt: Int) {
        #expect(backOff.delay(attempt: attempt, jitter: 1) == .milliseconds(100))
    }

    @Test func `a first delay beyond the limit is the limit`() {
        let backOff = BackOff(first: .seconds(9), longest: .seconds(2))
        #expect(backOff.delay(attempt: 1, jitter: 1) == .seconds(2))
    }
}
