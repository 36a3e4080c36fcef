import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct ReplScreenTests {
    private let general = RoomName(stored: "general")
    private let alice = Username(stored: "alice")

    @Test func `what is shown is in the transcript too`() throws {
        let output = BufferOutput()
        let screen = ReplScreen(output)
        try screen.write(Array("one\ntwo\n".utf8))
        #expect(output.text == "one\ntwo\n")
        #expect(screen.lines(from: 0).lines == ["one", "two"])
        screen.matched(0)
        #expect(screen.mark == 1)
    }

    @Test func `a report takes the place of what is shown`() throws {
        let output = BufferOutput()
        let screen = ReplScreen(output, isShown: false)
        try screen.write(Array("one\n".utf8))
        #expect(output.text.isEmpty && screen.lines(from: 0).lines == ["one"])
    }

    @Test func `what happens wakes up who waits for it`() async throws {
        let screen = ReplScreen(BufferOutput())
        let changes = screen.changes()
        screen.heard(4, in: general, by: alice)
        for await _ in changes { break }
        #expect(screen.hasHeard(4, in: general, by: alice) && screen.hasHeard(3, in: general, by: alice))
        #expect(!screen.hasHeard(5, in: general, by: alice) && !screen.hasHeard(4, in: general, by: nil))
    }

    @Test func `a mark says who hears a line`() throws {
        let output = BufferOutput()
        try MarkedOutput(base: output, mark: "[bob] ").write(Array("hi\n\tmore\n".utf8))
        #expect(output.text == "[bob] hi\n\tmore\n")
    }

    @Test func `what is held is bounded, and forgotten when taken`() throws {
        let held = HeldOutput()
        for _ in 0..<100 { try held.write([UInt8](repeating: 65, count: 1_024)) }
        #expect(held.take().count == 64 << 10)
        #expect(held.take().isEmpty)
    }

    @Test func `a command in a session reads nothing of the session`() throws {
        let input = ReplInput(base: TextInput("the next line\n", answers: ["secret"]))
        #expect(try input.read().isEmpty && input.secret("?") == nil)
        let typed = ReplInput(base: TextInput(isTerminal: true, answers: ["secret"]))
        #expect(try typed.secret("?") == "secret")
    }
}
