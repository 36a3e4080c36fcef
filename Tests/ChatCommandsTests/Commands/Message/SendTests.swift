import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct SendTests {
    /// Runs `send` with the input and gives the outcome and what stands in the room.
    private func send(
        _ arguments: [String], input: [UInt8] = []
    ) async throws -> (outcome: Outcome, bodies: [String]) {
        try await withInstallation { installation async throws in
            let outcome = await installation.run(["send", "red", "--as", "alice"] + arguments, bytes: input)
            let service = installation.chat.service(for: .operator(as: nil))
            let messages = try await service.messages(in: RoomName("red"), .latest, limit: 100)
            return (outcome, messages.map(\.body.text))
        }
    }

    @Test(arguments: [
        ("piped", "piped"), ("piped\n", "piped"), ("piped\r\n", "piped"), ("two\nlines\n", "two\nlines"),
        ("end\n\n", "end\n"),
    ])
    func `the last line end of standard input is no part of the body`(input: String, body: String) async throws {
        #expect(try await send([], input: Array(input.utf8)).bodies == [body])
        #expect(try await send(["-"], input: Array(input.utf8)).bodies == [body])
    }

    @Test func `input that is too long or no text is refused with its reason`() async throws {
        for (input, reason) in [([UInt8](repeating: 97, count: 40_000), "longer than"), ([0xff, 0xfe], "not UTF-8")] {
            let (outcome, bodies) = try await send([], input: input)
            #expect(outcome.status == 65 && outcome.error.contains(reason) && bodies.isEmpty)
        }
    }

    @Test func `a line that is refused is named, and those before it are sent`() async throws {
        for bad in [[UInt8](repeating: 97, count: 20_000), [0xff]] {
            let (outcome, bodies) = try await send(
                ["--lines"], input: Array("one\n".utf8) + bad + Array("\nthree\n".utf8))
            #expect(outcome.status == 65 && outcome.output == "1\n" && outcome.error.contains("line 2"))
            #expect(bodies == ["one"])
        }
    }

    @Test func `blank lines are left out`() async throws {
        #expect(try await send(["--lines"], input: Array("a\n\n  \nb\r\nc".utf8)).bodies == ["a", "b", "c"])
    }

    @Test func `a terminal is not waited for`() async throws {
        let outcome = await Bare.run(["send", "red"], input: TextInput("typed", isTerminal: true))
        #expect(outcome.status == 64 && outcome.error.contains("none given"))
    }

    @Test func `a direct message goes to the one room of two users`() async throws {
        try await withInstallation { installation async throws in
            let sent = await installation.run(["send", "--to", "bob", "psst", "--as", "alice", "--json"])
            let room = await installation.run(["room", "direct", "bob", "alice", "--json"])
            let name = try #require(sent.output.firstMatch(of: /"room":"(direct-[0-9a-z]+)"/)?.output.1)
            #expect(room.output.hasPrefix("{\"name\":\"\(name)\""))
        }
    }
}
