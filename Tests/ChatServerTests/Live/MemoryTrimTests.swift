import Testing

@testable import ChatServer

@Suite struct MemoryTrimTests {
    /// What is said of each look, at these numbers of connections.
    private func looks(_ connections: [Int]) -> [Bool] {
        var trim = MemoryTrim()
        return connections.map { trim.isDue(connections: $0, accepted: 0) }
    }

    @Test func `memory is given back once many have come and it is quiet, and once more`() {
        #expect(
            looks([0, 4_000, 9_000, 9_010, 9_010, 9_010, 9_010, 9_010, 9_010])
                == [false, false, false, true, false, false, false, true, false])
    }

    @Test func `few that come and go are not worth it`() {
        #expect(!looks([0, 40, 80, 120, 120, 0, 0, 100, 100]).contains(true))
    }

    @Test func `many that came and went leave memory behind, though as many are there as before`() {
        #expect(looks([0, 5_000, 0, 0]) == [false, false, false, true])
    }

    @Test func `connections that were accepted and are gone count, also while they go on coming`() {
        var trim = MemoryTrim()
        let quiet = [600, 600].map { trim.isDue(connections: 0, accepted: $0) }
        #expect(quiet == [false, true])
        var busy = MemoryTrim()
        let looks = (1...24).map { busy.isDue(connections: 0, accepted: $0 * 1_000) }
        // Once while they come, and once more as after any.
        #expect(looks.filter { $0 }.count == 2)
    }
}
