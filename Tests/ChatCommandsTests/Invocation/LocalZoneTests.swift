import ChatCore
import Testing

@testable import ChatCommands

@Suite struct LocalZoneTests {
    private let tokyo = LocalZone { _ in 9 * 3_600 }
    private let newfoundland = LocalZone { _ in -(3 * 3_600 + 1_800) }

    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    @Test func `people see the clock of their zone, and the date where it is not today's`() throws {
        let now = try moment("2026-11-26T12:00:00Z")
        #expect(tokyo.clock(try moment("2026-11-26T00:30:00Z"), now: now) == "09:30:00")
        #expect(tokyo.clock(try moment("2026-11-25T14:59:59Z"), now: now) == "2026-11-25 23:59:59")
        #expect(tokyo.clock(try moment("2026-11-26T15:00:00Z"), now: now) == "2026-11-27 00:00:00")
        #expect(LocalZone.utc.clock(try moment("2026-11-26T00:30:00Z"), now: now) == "00:30:00")
    }

    @Test func `programs get the offset`() throws {
        let time = try moment("2026-11-26T00:30:00.250Z")
        #expect(LocalZone.utc.rfc3339(time) == "2026-11-26T00:30:00.250Z")
        #expect(tokyo.rfc3339(time) == "2026-11-26T09:30:00.250+09:00")
        #expect(newfoundland.rfc3339(time) == "2026-11-25T21:00:00.250-03:30")
        #expect(Timestamp(rfc3339: newfoundland.rfc3339(time)) == time)
    }
}
