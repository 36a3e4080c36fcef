import Testing

@testable import ChatCommands

@Suite struct ReplTranscriptTests {
    private func transcript(_ texts: String...) -> ReplTranscript {
        var transcript = ReplTranscript()
        for text in texts { transcript.take(Array(text.utf8)) }
        return transcript
    }

    @Test func `text becomes lines, whatever the pieces`() {
        let lines = transcript("one\ntw", "o\n", "\nopen")
        #expect(Array(lines.lines(from: 0)) == ["one", "two", ""])
        #expect(lines.end == 3 && lines.mark == 0)
    }

    @Test func `colours are no part of a line`() {
        #expect(
            Array(transcript("\u{1b}[2m17:00\u{1b}[0m \u{1b}[1malice\u{1b}[0m: hi\n").lines(from: 0)) == [
                "17:00 alice: hi"
            ])
    }

    @Test func `a match moves the mark behind its line, and never back`() {
        var lines = transcript("a\nb\nc\n")
        lines.matched(1)
        #expect(lines.mark == 2 && Array(lines.lines(from: lines.mark)) == ["c"])
        lines.matched(0)
        #expect(lines.mark == 2)
    }

    @Test func `the oldest lines are dropped, and numbers stay`() {
        var lines = ReplTranscript()
        let count = ReplTranscript.mostLines + 10
        for number in 0..<count { lines.take(Array("line \(number)\n".utf8)) }
        #expect(lines.first > 0 && lines.end == count && lines.mark == lines.first)
        #expect(lines.lines(from: 0).first == "line \(lines.first)")
        #expect(lines.lines(from: count - 1).first == "line \(count - 1)")
    }

    @Test func `bytes are bounded, with and without line ends`() {
        var lines = ReplTranscript()
        let long = [UInt8](repeating: 0x78, count: 1 << 20)
        for _ in 0..<20 { lines.take(long + [0x0a]) }
        #expect(lines.lines(from: 0).reduce(0) { $0 + $1.utf8.count } <= ReplTranscript.mostBytes)
        for _ in 0..<20 { lines.take(long) }
        lines.take([0x0a])
        #expect(lines.lines(from: 0).allSatisfy { $0.utf8.count <= ReplTranscript.mostBytes })
    }
}
