import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct ErrorReportTests {
    private let output = BufferOutput()

    @Test func `text is one line, and one for the hint`() {
        ErrorReport.show(ChatError(.usage, "body: none given"), asJSON: false, on: output)
        ErrorReport.show(ChatError(.usage, "body: none given", hint: "pipe it in"), asJSON: false, on: output)
        #expect(output.lines == ["chatctl: body: none given", "chatctl: body: none given", "hint: pipe it in"])
    }

    @Test func `JSON is one document`() {
        ErrorReport.show(ChatError(.roomNotFound, "room a: no such room", hint: "list"), asJSON: true, on: output)
        let expected = #"{"error":{"code":"room_not_found","message":"room a: no such room","hint":"list"}}"#
        #expect(output.lines == [expected])
    }

    @Test func `what an error quotes stays in its line and does no harm`() {
        ErrorReport.show(ChatError(.invalidInput, "room 'a\nb\u{1b}[2J': not valid"), asJSON: false, on: output)
        #expect(output.lines == ["chatctl: room 'a\\u{a}b\\u{1b}[2J': not valid"])
        ErrorReport.show(ChatError(.invalidInput, "room 'a\nb': not valid"), asJSON: true, on: output)
        #expect(output.lines.count == 2)
    }

    @Test func `a channel that takes nothing is no second error`() {
        let full = BufferOutput(capacity: 0)
        ErrorReport.show(ChatError(.usage, "body: none given"), asJSON: false, on: full)
        #expect(full.text.isEmpty)
    }
}
