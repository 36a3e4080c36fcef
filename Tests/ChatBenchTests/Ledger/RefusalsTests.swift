import Testing

@testable import ChatCommands

@Suite struct RefusalsTests {
    private static func counts(_ frames: String...) -> [String: Int] {
        var refusals = Refusals()
        for frame in frames { _ = Array(frame.utf8).withUnsafeBytes { refusals.take($0) } }
        return refusals.counts
    }

    @Test func `refusals are counted by their code`() {
        let counts = Self.counts(
            #"{"ok":false,"event":"error","ref":7,"code":"rate_limited","retry_after_ms":50}"#,
            #"{"ok":false,"event":"error","ref":8,"code":"rate_limited","retry_after_ms":40}"#,
            #"{"ok":false,"event":"error","ref":9,"code":"muted"}"#)
        #expect(counts == ["rate_limited": 2, "muted": 1])
    }

    @Test(arguments: [
        "", "{}", #"{"ok":true,"event":"ack","ref":1,"code":"x"}"#, #"{"ok":false,"event":"error"}"#,
        #"{"ok":true,"event":"typing","room":"general","username":"error"}"#,
    ])
    func `other frames are not`(frame: String) {
        #expect(Self.counts(frame).isEmpty)
    }

    @Test func `codes of a strange server are bounded and harmless`() {
        var refusals = Refusals()
        for number in 0..<100 {
            let frame = #"{"event":"error","code":"\#u{1b}[2J\#(number)\#(String(repeating: "x", count: 99))"}"#
            #expect(Array(frame.utf8).withUnsafeBytes { refusals.take($0) })
        }
        #expect(refusals.counts.count == 32 && refusals.total == 100)
        #expect(refusals.counts.keys.allSatisfy { !$0.unicodeScalars.contains("\u{1b}") })
    }

    @Test func `the most come first`() {
        var run = SampleRuns.fanout
        #expect(run.refusals == nil)
        run.refused = ["muted": 1, "archived": 1, "rate_limited": 3]
        #expect(run.refusals == "3 rate_limited, 1 archived, 1 muted")
    }
}
