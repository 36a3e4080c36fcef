import ChatCore
import Testing

@testable import ChatCommands

@Suite struct ArgumentTypesTests {
    @Test(arguments: ["10s", "500ms", "5m", "1h", "30d", "1500ms", "0ms"])
    func `a duration is shown as it is written`(text: String) throws {
        #expect(try #require(DurationArgument(argument: text)).defaultValueDescription == text)
    }

    @Test(arguments: [("60s", "1m"), ("24h", "1d"), ("2000ms", "2s"), ("0s", "0ms")])
    func `the largest whole unit is taken`(text: String, shown: String) throws {
        #expect(try #require(DurationArgument(argument: text)).defaultValueDescription == shown)
    }

    @Test(arguments: ["", "10", "s", "-1s", "1y", "1.5s", "soon"])
    func `what is no duration is refused`(text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(arguments: [
        ("1h30m", 5_400), ("2w", 1_209_600), ("500ms", 0), ("2023-11-14T00:00:00Z", nil),
        ("2023-11-14T00:00:00+01:00", nil),
    ])
    func `a moment is a time, or how long ago it was`(text: String, seconds: Int?) throws {
        let now = Timestamp(milliseconds: 1_700_000_000_000)
        let moment = try #require(MomentArgument(argument: text)).moment(at: now)
        guard let seconds else { return #expect(moment == Timestamp(rfc3339: text)) }
        #expect((now.milliseconds - moment.milliseconds) / 1_000 == seconds)
    }

    @Test(arguments: ["", "yesterday", "45", "-1h", "2023-11-14T25:00:00Z"])
    func `what is no moment is refused`(text: String) {
        #expect(MomentArgument(argument: text) == nil)
    }

    @Test func `a command that needs --yes says so`() {
        let error = ChatError.unconfirmed("deleting room red")
        #expect(error.code == .usage && error.message.hasPrefix("deleting room red: "))
        #expect(error.hint?.contains("--yes") == true)
    }
}
