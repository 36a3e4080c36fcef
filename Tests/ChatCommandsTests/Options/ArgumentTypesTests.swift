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

    @Test func `a command that needs --yes says so`() {
        let error = ChatError.unconfirmed("deleting room red")
        #expect(error.code == .usage && error.message.hasPrefix("deleting room red: "))
        #expect(error.hint?.contains("--yes") == true)
    }
}
