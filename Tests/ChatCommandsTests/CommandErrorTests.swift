import ChatCore
import ChatTerminal
import ChatWire
import Testing

@testable import ChatCommands

/// Command lines that end with an error: the status, the code in JSON and, in a golden file, the words.
@Suite struct CommandErrorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let status: Int32
        let code: String

        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static func rows(_ status: Int32, _ code: String, _ lines: [[String]]) -> [Row] {
        lines.map { Row(arguments: $0, status: status, code: code) }
    }

    private static let usage = rows(
        64, "usage",
        [
            ["nonsense"], ["user", "create"], ["send", "general", "--nonsense"], ["send"], ["tail"],
            ["tail", "general", "--count", "x"], ["tail", "general", "--count", "0"],
            ["tail", "general", "--timeout", "soon"], ["tail", "general", "--match", "("],
            ["tail", "general", "--since", "yesterday"], ["tail", "general", "-n", "-1"],
            ["serve", "--port", "70000"], ["serve", "--tls-key", "key.pem"], ["serve", "--drain-seconds", "-1"],
            ["room", "delete", "red"], ["user", "delete", "bob"], ["--color", "sometimes", "config"],
            ["send", "general", "hi"], ["send", "--to", "bob", "one", "two", "--as", "alice"],
            ["send", "general", "hi", "--lines", "--as", "alice"],
            ["send", "general", "--lines", "--client-id", "c", "--as", "alice"],
            ["user", "create", "x", "--password-stdin", "--generate-password"],
            ["--server", "http://127.0.0.1:1", "migrate"], ["--server", "http://127.0.0.1:1", "serve"],
            ["run"], ["logout"], ["help", "nonsense"], ["usr", "list"], ["room", "lits"], ["whoami"],
            ["tail", "general", "--cuont", "1"], ["message", "search", "x", "-n", "0"],
            ["user", "role", "bob", "king"],
            ["serve", "--origin", "not-a-url"], ["serve", "--origin", "::::"], ["serve", "--admin", "root"],
            ["send", "general", "-5 degrees"], ["bench", "history", "--depth", "1"],
            ["room", "members", "red", "--role", "owner"], ["migrate", "--status", "--dry-run"],
            ["message", "delete"], ["message", "delete", "general"], ["message", "delete", "general", "1", "--yes"],
            ["message", "delete", "general", "--author", "bob", "--yes"], ["message", "delete", "--author", "bob"],
            ["message", "delete", "--author", "bob", "--since", "then", "--yes"], ["audit", "-n", "-1"],
            ["audit", "--since", "soon"], ["room", "list", "--idle", "long"], ["room", "delete", "red", "general"],
        ])

    private static let input =
        rows(
            65, "invalid_input",
            [
                ["user", "create", "Not A Name"], ["user", "create", "--", "-x-"],
                ["user", "create", String(repeating: "a", count: 33)], ["room", "create", "no spaces"],
                ["room", "create", String(repeating: "r", count: 129)],
                ["room", "topic", "general", String(repeating: "t", count: 251)], ["room", "show", "a\nb"],
                ["room", "ban", "general", "bob", "--reason", String(repeating: "r", count: 251)],
                ["user", "create", "x", "--password-stdin"], ["room", "direct", "alice", "alice"],
            ])
        + rows(
            65, "invalid_body",
            [
                ["send", "general", "  \t ", "--as", "alice"], ["send", "general", "", "--as", "alice"],
                ["send", "general", String(repeating: "x", count: 16_385), "--as", "alice"],
                ["send", "general", "--as", "alice"],
            ])

    private static let missing =
        rows(
            66, "room_not_found",
            [
                ["room", "show", "nowhere"], ["send", "genreal", "hi", "--as", "alice"],
                ["send", "nowhere", "hi", "--as", "alice"], ["tail", "nowhere"],
                ["presence", "nowhere"], ["room", "members", "nowhere"], ["room", "rename", "nowhere", "x"],
                ["room", "ban", "nowhere", "bob"], ["message", "search", "x", "--room", "nowhere"],
                ["message", "delete", "--author", "bob", "--room", "nowhere", "--yes"],
            ])
        + rows(
            66, "user_not_found",
            [
                ["user", "show", "nobody"], ["user", "show", "alcie"], ["whoami", "--as", "bbo"],
                ["user", "token", "nobody"], ["send", "general", "hi", "--as", "nobody"],
                ["send", "--to", "nobody", "hi", "--as", "alice"], ["room", "kick", "general", "nobody"],
                ["room", "members", "red", "--add", "nobody"], ["room", "create", "x", "--member", "nobody"],
                ["user", "disable", "nobody"], ["user", "delete", "nobody", "--yes"],
                ["user", "role", "nobody", "admin"],
                ["room", "unban", "general", "nobody"], ["whoami", "--as", "nobody"],
                ["message", "delete", "--author", "nobody", "--yes"],
            ])
        + rows(
            66, "message_not_found",
            [
                ["message", "show", "general", "99"], ["message", "delete", "general", "99"],
            ])
        + rows(66, "token_not_found", [["user", "revoke-token", "alice", "99"]])

    private static let others =
        rows(
            73, "already_exists",
            [["user", "create", "alice"], ["room", "create", "general"], ["room", "rename", "red", "general"]])
        + rows(75, "timed_out", [["tail", "red", "--count", "1", "--timeout", "1ms"]])
        + rows(78, "configuration", [["login", "ftp://127.0.0.1"], ["--profile", "work", "config"]])
        + rows(
            77, "not_allowed",
            [["user", "role", "root", "user"], ["user", "disable", "root"], ["user", "delete", "root", "--yes"]])
        + rows(77, "not_a_member", [["send", "red", "hi", "--as", "bob"]])

    static let all = usage + input + missing + others

    /// In one test, because an error changes nothing: all rows can do with one database.
    @Test func `each error has its status, its words in a line or two, and its code in JSON`() async throws {
        let transcript = try await withInstallation { installation async throws in
            var transcript = ""
            for row in Self.all {
                let text = await installation.run(row.arguments)
                let json = await installation.run(["--json"] + row.arguments)
                try Self.check(row, text, json)
                transcript += "$ chatctl \(row.testDescription.prefix(60))\n\(text.error)=> \(text.status)\n"
            }
            return transcript
        }
        try GoldenFiles.expect(transcript, in: "errors.txt")
    }

    private static func check(_ row: Row, _ text: Outcome, _ json: Outcome) throws {
        let comment: Comment = "\(row.testDescription)"
        for outcome in [text, json] {
            #expect(outcome.status == row.status, comment)
            #expect(outcome.output.isEmpty && !outcome.error.contains(".swift"), comment)
        }
        let lines = text.error.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count == 1 || lines.count == 2 && lines[1].hasPrefix("hint: "), comment)
        #expect(json.error.hasSuffix("}\n") && json.error.count { $0 == "\n" } == 1, comment)
        let report = try ShapeCoder.decode(Report.self, from: Array(json.error.utf8))
        #expect(report.error.code == row.code, comment)
        #expect(lines.first == "chatctl: \(Harmless.text(report.error.message))", comment)
    }

    private struct Report: Decodable {
        struct Error: Decodable {
            let code: String
            let message: String
        }

        let error: Error
    }
}
