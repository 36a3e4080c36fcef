import ChatTestKit
import Testing

@testable import ChatCommands

/// Scripts on a lent backend.
@Suite struct ReplTests {
    private func run(_ lines: [String], _ options: [String] = ["--as", "alice"]) async throws -> Outcome {
        try await withInstallation { installation in
            await installation.run(["repl"] + options, input: lines.joined(separator: "\n") + "\n")
        }
    }

    @Test func `a script that meets its expectations ends with 0`() async throws {
        let outcome = try await run([
            "hello", "/expect 'alice: hello$'", "/expect-not bob 1ms", "/quit", "never posted",
        ])
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        #expect(outcome.output.hasSuffix("alice: hello\n"))
    }

    @Test func `the first failure is told in one line, with the line's number`() async throws {
        let outcome = try await run(["one", "", "/user show nobody bob", "two"])
        #expect(outcome.status == 66)
        #expect(outcome.error.hasPrefix("chatctl: standard input: line 3: user nobody: no such user"))
        #expect(outcome.error.count { $0 == "\n" } == 1)
        #expect(!outcome.output.contains("two"))
    }

    @Test func `several people speak, and each line says who hears it`() async throws {
        let outcome = try await run([
            "alone", "/as bob", "from bob", "/expect '^\\[bob\\] .* bob: from bob'", "/as alice", "and back",
            "/expect '^\\[alice\\] .*: and back'",
        ])
        #expect(outcome.status == 0 && outcome.output.contains("\n[alice] "), "\(outcome)")
        #expect(outcome.output.split(separator: "\n")[0].wholeMatch(of: /2[^\[]*alice: alone/) != nil, "\(outcome)")
    }

    @Test func `nobody speaks without a name`() async throws {
        let outcome = try await run(["hello"], [])
        #expect(outcome.status == 64 && outcome.error.contains("line 1: no speaker"))
        let named = try await run(["/as bob", "hello", "/expect 'bob: hello'"], [])
        #expect(named.status == 0 && !named.output.contains("[bob]"))
    }

    @Test func `a report of expectations takes the place of what is shown`() async throws {
        let outcome = try await run(["hello", "/expect hello"], ["--as", "alice", "--format", "tap"])
        #expect(outcome.output == "TAP version 13\nok 1 - line 2: /expect hello\n1..1\n")
    }

    @Test func `no command takes over the process`() async throws {
        for command in ["/repl", "/serve", "/run -- true", "/restore x --yes"] {
            let outcome = try await run([command])
            #expect(outcome.status == 64 && outcome.error.contains("within a session"), "\(outcome)")
        }
    }
}
