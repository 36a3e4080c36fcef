import ChatCore
import Testing

@testable import ChatPostgreSQL

@Suite struct PostgreSQLOutageTests {
    private static let error = ChatError(.unavailable, "it is out")
    private let start = ContinuousClock.now

    @Test func `while all is well everybody may connect at once`() {
        var outage = PostgreSQLOutage()
        #expect((0..<8).allSatisfy { _ in outage.admit(at: start) == nil })
    }

    @Test func `after a failure nobody tries for a while and all get its error`() {
        var outage = PostgreSQLOutage()
        outage.failed(Self.error, at: start)
        #expect(outage.admit(at: start) == Self.error)
        #expect(outage.admit(at: start + Limits.databaseRetry - .milliseconds(1)) == Self.error)
        #expect(outage.admit(at: start + Limits.databaseRetry) == nil)
    }

    @Test func `then one tries at a time`() {
        var outage = PostgreSQLOutage()
        outage.failed(Self.error, at: start)
        let next = start + Limits.databaseRetry
        #expect(outage.admit(at: next) == nil)
        #expect((0..<7).allSatisfy { _ in outage.admit(at: next) == Self.error })
        #expect(outage.admit(at: next + Limits.connect - .milliseconds(1)) == Self.error)
        // An attempt that never reported back must not shut everybody out for ever.
        #expect(outage.admit(at: next + Limits.connect) == nil)
    }

    @Test func `a later failure is told instead of the first, and a success ends it all`() {
        var outage = PostgreSQLOutage()
        outage.failed(Self.error, at: start)
        let other = ChatError(.configuration, "no such database")
        outage.failed(other, at: start + .seconds(1))
        #expect(outage.admit(at: start + .seconds(1)) == other)
        outage.ended()
        #expect(outage.admit(at: start + .seconds(1)) == nil && outage.admit(at: start + .seconds(1)) == nil)
    }
}
