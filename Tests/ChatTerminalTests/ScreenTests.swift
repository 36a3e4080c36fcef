import ChatCore
import ChatTerminal
import ChatTestKit
import Testing

@Suite struct ScreenTests {
    private let output = BufferOutput()
    private let error = BufferOutput()
    private let terminal = BufferOutput(isTerminal: true, width: 10)

    @Test func `results go to one channel and everything else to the other`() throws {
        let screen = Screen(output: output, error: error, isVerbose: true)
        try screen.line("a result")
        try screen.document(Array("{}".utf8))
        screen.notice("a notice")
        screen.detail("a detail")
        screen.prompt("Name: ")
        #expect(output.text == "a result\n{}\n")
        #expect(error.text == "a notice\nchatctl: a detail\nName: ")
    }

    @Test func `quiet keeps notices, details and progress back`() throws {
        let screen = Screen(output: output, error: terminal, isQuiet: true, isVerbose: true)
        screen.notice("a notice")
        screen.detail("a detail")
        screen.progress("10 of 20")
        try screen.line("a result")
        #expect(terminal.text.isEmpty && output.text == "a result\n")
    }

    @Test func `details are for those who asked`() {
        Screen(output: output, error: error).detail("a detail")
        #expect(error.text.isEmpty)
    }

    @Test func `progress replaces its line on a terminal, cut to its width, and shows nowhere else`() {
        Screen(output: output, error: terminal).progress("0123456789abc")
        Screen(output: output, error: error).progress("0123456789abc")
        #expect(terminal.text == "\r\u{1b}[K01234567…" && error.text.isEmpty)
    }

    @Test func `a result that cannot be written is an error, a notice is not`() {
        let full = BufferOutput(capacity: 3)
        let screen = Screen(output: full, error: full)
        screen.notice("lost")
        #expect { try screen.line("lost too") } throws: { ($0 as? ChatError)?.code == .outputFailed }
        #expect { try screen.document([65]) } throws: { ($0 as? ChatError)?.code == .outputFailed }
    }

    @Test func `the text of others is made harmless where a person looks at it`() {
        #expect(Screen(output: terminal, error: error).harmless("\u{1b}[2J") == "\\u{1b}[2J")
        #expect(Screen(output: output, error: error).harmless("\u{1b}[2J") == "\u{1b}[2J")
    }

    @Test func `bold and dim are plain without colour`() {
        let plain = Screen(output: output, error: error)
        #expect(plain.bold("a") + plain.dim("b") == "ab")
        let coloured = Screen(output: output, error: error, usesColor: true)
        #expect(coloured.bold("a") + coloured.dim("b") == "\u{1b}[1ma\u{1b}[0m\u{1b}[2mb\u{1b}[0m")
    }
}
