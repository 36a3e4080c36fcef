import ChatCore
import Foundation
import Glibc
import Testing

@testable import ChatTerminal

@Suite(.serialized, .timeLimit(.minutes(1))) struct HiddenTerminalTests {
    /// Both ends of a pseudo-terminal.
    private final class Terminal {
        private(set) var (main, end): (Int32, Int32) = (-1, -1)

        init() throws { try #require(openpty(&main, &end, nil, nil, nil) == 0) }

        deinit { for descriptor in [main, end] { close(descriptor) } }

        var shows: Bool {
            var attributes = termios()
            return tcgetattr(end, &attributes) == 0 && attributes.c_lflag & tcflag_t(ECHO | ICANON | ISIG) != 0
        }
    }

    /// What is read when these keys are typed behind the prompt, and everything that was shown.
    private func read(_ keys: String) async throws -> (Result<String?, ChatError>, shown: String, shows: Bool) {
        let terminal = try Terminal()
        let end = terminal.end
        // A thread of its own: the pool has as few threads as cores, and other tests block some of them too.
        let (results, result) = AsyncStream<Result<String?, ChatError>>.makeStream()
        Thread.detachNewThread {
            result.yield(Result { () throws(ChatError) in try HiddenTerminal.readLine("Password: ", from: end) })
        }
        var shown: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1_024)
        while !String(decoding: shown, as: UTF8.self).contains("Password: ") {
            let count = Glibc.read(terminal.main, &chunk, chunk.count)
            try #require(count > 0)
            shown += chunk[..<count]
        }
        try #require(Glibc.write(terminal.main, keys, keys.utf8.count) == keys.utf8.count)
        let outcome = try #require(await results.first { _ in true })
        let count = Glibc.read(terminal.main, &chunk, chunk.count)
        return (outcome, String(decoding: shown + chunk[..<max(0, count)], as: UTF8.self), terminal.shows)
    }

    @Test func `what is typed is read and not shown, and then the terminal shows again`() async throws {
        let (result, shown, shows) = try await read("a long phrase\r")
        #expect(try result.get() == "a long phrase")
        #expect(shown.split(whereSeparator: \.isNewline) == ["Password: "] && shows)
    }

    @Test(arguments: ["wo\u{3}", "\u{1c}"]) func `giving up is told, and the terminal shows again`(keys: String)
        async throws
    {
        let (result, _, shows) = try await read(keys)
        #expect { try result.get() } throws: { ($0 as? ChatError)?.code == .interrupted }
        #expect(shows)
    }

    @Test func `the end of input is no secret`() async throws {
        let (result, _, shows) = try await read("\u{4}")
        #expect(try result.get() == nil && shows)
    }

    @Test func `what is no terminal gives none`() throws {
        let descriptor = open("/dev/null", O_RDWR)
        defer { close(descriptor) }
        #expect(try HiddenTerminal.readLine("Password: ", from: descriptor) == nil)
    }
}
