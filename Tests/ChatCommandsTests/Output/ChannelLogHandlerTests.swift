import ChatCore
import ChatTestKit
import Logging
import Testing

@testable import ChatCommands

@Suite struct ChannelLogHandlerTests {
    private let output = BufferOutput()

    private func logger(_ level: Logger.Level) -> Logger {
        var logger = Logger(label: "test") { _ in ChannelLogHandler(channel: output, clock: TestClock().wall) }
        logger.logLevel = level
        return logger
    }

    @Test func `an event is a line with time, level, message and metadata in order`() {
        var logger = logger(.info)
        logger[metadataKey: "node"] = "a"
        logger.info("started", metadata: ["port": "80", "host": "x"])
        #expect(output.lines == ["2023-11-14T22:13:20.000Z info started host=x node=a port=80"])
    }

    @Test func `metadata of the event beats that of the logger, and belongs to one logger`() {
        var first = logger(.info)
        first[metadataKey: "node"] = "a"
        logger(.info).info("plain")
        first.info("own", metadata: ["node": "b"])
        #expect(output.lines.map { $0.dropFirst(25) } == ["info plain", "info own node=b"])
    }

    @Test func `levels below the wanted one are left out`() {
        logger(.error).info("not shown")
        logger(.error).error("shown")
        #expect(output.lines.count == 1)
    }

    @Test func `no event can forge a line`() {
        logger(.info).info("a\n2023-11-14T22:13:20.000Z info forged")
        #expect(output.lines.count == 1)
    }
}
