import ChatCore
import Testing

@testable import ChatCommands

@Suite struct TailPlanTests {
    private func plan(
        rooms: [String] = ["general"], history: Int = 10, since: String? = nil, match: String? = nil,
        reject: String? = nil
    ) throws -> TailPlan {
        try TailPlan(
            rooms: rooms, history: history, since: since, match: match, reject: reject, count: nil, cursor: nil,
            follows: false, waits: false)
    }

    @Test(arguments: [
        ("45", TailStart.seq(45)), ("0", .seq(0)), ("10m", .ago(.seconds(600))), ("1h", .ago(.seconds(3_600))),
        ("2023-11-14T22:13:20Z", .time(Timestamp(milliseconds: 1_700_000_000_000))),
        ("2023-11-14T23:13:20+01:00", .time(Timestamp(milliseconds: 1_700_000_000_000))),
        ("2023-11-14", .time(Timestamp(milliseconds: 1_699_920_000_000))),
    ])
    func `a start is a seq, a duration or a time`(text: String, start: TailStart) throws {
        #expect(try plan(since: text).start == start)
    }

    @Test func `without a start the history counts`() throws {
        #expect(try plan(history: 3).start == .latest(3))
    }

    @Test(arguments: ["yesterday", "", "-5", "2023-13-01"])
    func `anything else is a wrong usage`(text: String) {
        #expect { try plan(since: text) } throws: { error in
            let error = error as? ChatError
            return error?.code == .usage && error?.message.contains("'\(text)'") == true
        }
    }

    @Test func `a room that is named twice is read once`() throws {
        #expect(try plan(rooms: ["red", "general", "RED"]).rooms.map(\.text) == ["red", "general"])
        #expect { try plan(rooms: ["no spaces"]) } throws: { ($0 as? ChatError)?.code == .invalidInput }
    }

    @Test func `expressions are checked at once and named by their option`() throws {
        #expect { try plan(match: "(") } throws: { ($0 as? ChatError)?.message.hasPrefix("--match: ") == true }
        #expect { try plan(reject: "[") } throws: { ($0 as? ChatError)?.message.hasPrefix("--reject: ") == true }
        let checked = try plan(match: "^a.c$")
        let regex = try #require(checked.match?.compiled())
        #expect("abc".firstMatch(of: regex) != nil && "abcd".firstMatch(of: regex) == nil)
        #expect(checked.reject == nil)
    }
}
