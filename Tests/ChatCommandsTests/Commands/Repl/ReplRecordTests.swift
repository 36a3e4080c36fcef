import ChatCore
import Testing

@testable import ChatCommands

@Suite struct ReplRecordTests {
    private let alice = Username(stored: "alice")
    private let general = RoomName(stored: "general")

    @Test func `a session becomes a script that does the same and expects the same`() {
        var record = ReplRecord()
        record.posted("hello (all)", "hello (all)", in: general, by: alice)
        record.did("/rooms")
        record.failed("/kick nobody", "user nobody: no such user")
        record.posted("# one", "# one", in: general, by: alice)
        let lines = record.script(from: general, as: alice).split(separator: "\n").dropFirst().map(String.init)
        #expect(
            lines == [
                "/as alice", "/join general", "hello (all)", #"/expect '#general \d+ alice: hello \(all\)'"#, "/rooms",
                "# /kick nobody  (failed: user nobody: no such user)", "/say # one",
                #"/expect '#general \d+ alice: # one'"#,
            ])
    }

    @Test(arguments: ["a.b*c?", "it's $HOME", #"back\slash"#, "(a|b)[c]{d}^+", "日本 é 😀", "/path"])
    func `an expectation matches the text it was made from`(text: String) throws {
        var record = ReplRecord()
        record.posted(text, text, in: general, by: alice)
        let line = try #require(record.script(from: nil, as: nil).split(separator: "\n").last)
        let action = try ReplParser(room: general).action(of: String(line))
        guard case .expect(let pattern, within: nil) = action else {
            Issue.record("\(action)")
            return
        }
        let shown = "2026-11-23T17:26:56.682Z #general 5 alice: \(text)"
        #expect(shown.firstMatch(of: try Regex(pattern)) != nil, "\(pattern)")
    }

    @Test func `a long session keeps its beginning`() {
        var record = ReplRecord()
        for number in 0..<(ReplRecord.mostLines + 5) { record.did("/history \(number)") }
        let script = record.script(from: nil, as: nil)
        #expect(script.contains("/history 0\n") && !script.contains("/history \(ReplRecord.mostLines)\n"))
        #expect(script.contains("longer"))
    }
}
