import Testing

@testable import ChatBench

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
    func `other frames are no refusals`(frame: String) {
        #expect(Self.counts(frame).isEmpty)
    }

    @Test(arguments: ["\u{1b}[2J", "a b", "é", "<b>", "1;2"])
    func `a code that is no plain identifier is counted as other`(code: String) {
        #expect(Self.counts(#"{"event":"error","code":"\#(code)"}"#) == ["other": 1])
    }

    @Test func `the number of codes is bounded and the total is kept`() {
        var refusals = Refusals()
        for number in 0..<100 {
            let frame = #"{"event":"error","code":"code-\#(number)"}"#
            #expect(Array(frame.utf8).withUnsafeBytes { refusals.take($0) })
        }
        #expect(refusals.counts.count == 32 && refusals.counts["other"] == 69)
        #expect(refusals.total == 100 && refusals.counts.values.reduce(0, +) == 100)
    }

    @Test func `a code is cut at sixty-four bytes`() {
        let code = String(repeating: "x", count: 99)
        #expect(Self.counts(#"{"event":"error","code":"\#(code)"}"#) == [String(code.prefix(64)): 1])
    }
}
