import ChatCore
import ChatTerminal
import ChatTestKit
import Testing

@testable import ChatCommands

/// What the commands print that need a server: one that the command line itself runs, in this process.
@Suite struct ServerGoldenTests {
    @Test func `serve says where it listens, and ends with 0 on a signal`() async throws {
        let server = try await ServerInProcess()
        let outcome = await server.stop()
        try GoldenFiles.expect(server.stable(outcome), in: "server/serve.txt")
    }

    @Test func `log-in and log-out`() async throws {
        let server = try await ServerInProcess()
        for (command, steps) in [
            (
                "login",
                [["--username", "ada", "--password-stdin"], ["--username", "ada", "--password-stdin", "--json"]]
            ),
            ("logout", [[], ["--json"]]),
        ] {
            var text = ""
            for options in steps {
                let outcome = await server.run([command, server.url] + options, input: "a long phrase\n")
                text += "$ chatctl \(([command, "URL"] + options).joined(separator: " "))\n" + server.stable(outcome)
            }
            try GoldenFiles.expect(text, in: "server/\(command).txt")
        }
        let refused = await server.run(
            ["login", server.url, "--username", "ada", "--password-stdin"], input: "wrong\n")
        #expect(refused.status == 77)
        _ = await server.stop()
    }

    @Test(
        arguments: [
            ["fanout", "--clients", "2", "--messages", "3"],
            ["ingest", "--clients", "2", "--rooms", "2", "--members", "2", "--messages", "3"],
            ["connect", "--clients", "3"], ["history", "--room", "general", "--messages", "3"],
        ])
    func `a measurement prints these figures`(words: [String]) async throws {
        let server = try await ServerInProcess()
        let command = ["bench"] + words + ["--server", server.url]
        let text = await server.run(command)
        let json = await server.run(command + ["--json"])
        let shown = "$ chatctl bench \(words.joined(separator: " ")) --server URL\n"
        try GoldenFiles.expect(
            shown + server.stable(text, names: true) + shown.replacing("\n", with: " --json\n")
                + server.stable(json, names: true), in: "server/bench-\(words[0]).txt")
        _ = await server.stop()
    }
}

/// `serve` on a temporary database, with an administrator `ada` whose token the commands bear.
private final class ServerInProcess: Sendable {
    let url: String
    private let folder: TemporaryFolder
    private let token: String
    private let stopping: AsyncStream<Void>.Continuation
    private let serving: Task<Outcome, Never>

    init() async throws {
        let folder = try TemporaryFolder()
        let (signals, stopping) = AsyncStream<Void>.makeStream()
        let output = BufferOutput()
        let database = "sqlite:\(folder.path)/chat.db"
        let serving = Task {
            await Self.run(
                ["serve", "--port", "0", "--database", database], in: folder, output,
                // A hang-up does not end a server.
                Signals { $0.contains(15) ? signals : AsyncStream { $0.finish() } })
        }
        await output.waitForLines(1)
        url = String(output.lines[0].split(separator: " ").last ?? "")
        let lines = (1...60).map { "message \($0)\n" }.joined()
        for (words, input) in [
            (["user", "create", "ada", "--admin", "--password-stdin"], "a long phrase\n"),
            (["send", "general", "--lines", "--as", "ada"], lines),
        ] {
            let made = await Self.run(words + ["--database", database], in: folder, input: input)
            try #require(made.status == 0, "\(made)")
        }
        let issued = await Self.run(["user", "token", "ada", "--database", database], in: folder)
        token = issued.output.split(separator: "\n").first.map(String.init) ?? ""
        (self.folder, self.stopping, self.serving) = (folder, stopping, serving)
    }

    func run(_ words: [String], input: String = "") async -> Outcome {
        await Self.run(words, in: folder, input: input, token: words[0] == "bench" ? token : nil)
    }

    func stop() async -> Outcome {
        stopping.yield()
        return await serving.value
    }

    /// What was printed without what is another in each run: the port, and with `names` every figure.
    func stable(_ outcome: Outcome, names: Bool = false) -> String {
        let error = outcome.error.split(separator: "\n").map {
            "! \($0.replacing(url, with: "URL").replacing(/\/join\/\S+/, with: "/join/CODE"))\n"
        }.joined()
        return (names ? Self.names(of: outcome.output) : outcome.output.replacing(url, with: "URL")) + error
            + (outcome.status == 0 ? "" : "=> \(outcome.status)\n")
    }

    /// The keys of JSON in their order, or the rows of the table, which begin with FIGURE and end with the generator.
    private static func names(of output: String) -> String {
        guard !output.hasPrefix("{") else {
            return output.matches(of: /"([a-z0-9_]+)":/).map { "\($0.output.1)\n" }.joined()
        }
        let rows = output.split(separator: "\n").map { $0.prefix { $0 != " " } }
        guard let first = rows.firstIndex(of: "FIGURE"), let last = rows.lastIndex(of: "generator") else {
            return output
        }
        return rows[first...last].map { "\($0)\n" }.joined()
    }

    private static func run(
        _ words: [String], in folder: TemporaryFolder, _ output: BufferOutput = BufferOutput(),
        _ signals: Signals = .none, input: String = "", token: String? = nil
    ) async -> Outcome {
        let error = BufferOutput()
        var environment = ["HOME": folder.path]
        environment["CHATCTL_TOKEN"] = token
        let context = CommandContext(
            output: output, error: error, input: TextInput([Array(input.utf8)].filter { !$0.isEmpty }),
            environment: Environment(environment), signals: signals, clock: .system)
        let status = await Program.run(words, in: context)
        return Outcome(status: status, output: output.text, error: error.text)
    }
}
