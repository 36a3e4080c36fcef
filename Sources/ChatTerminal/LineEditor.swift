import ChatCore
import Glibc
import Synchronization

// libedit reads a line by calling us for each key and blocks its thread meanwhile, so it has a thread of its own, and
// everything of it is touched there alone (EditorThread). What others want to show while a line is typed waits in a list;
// the thread, which waits for keys and for a wake-up at once, puts it above the line and draws the line again.

/// Lines that a person types at the terminal, with history and completion, while other things appear above them.
package final class LineEditor: OutputChannel {
    /// - Parameters:
    ///   - history: the file that keeps what was typed; nil for none.
    ///   - complete: the words that may stand in place of the last one of a text. It must answer at once.
    package typealias Maker =
        @Sendable (_ history: String?, _ complete: @escaping @Sendable (String) -> [String]) throws(ChatError) ->
        LineEditor

    package let isTerminal = true
    private let shared: EditorState
    private let output: Int32

    /// Starts the editor's thread; the first line is read when somebody asks for it.
    ///
    /// - Throws: `unavailable` when the system has no thread or descriptor left.
    package init(
        input: Int32, output: Int32, history: String?, complete: @escaping @Sendable (String) -> [String]
    ) throws(ChatError) {
        self.output = output
        let shared = try EditorState(output: output)
        self.shared = shared
        let isStarted = OwnThread.run {
            EditorThread(shared, input: input, output: output, history: history, complete: complete)?.run()
            shared.end()
        }
        guard isStarted else { throw ChatError(.unavailable, "terminal: no thread can be started") }
    }

    /// Reads a line. Only one task at a time may ask.
    ///
    /// - Returns: nil when there are no more: Ctrl-D, a terminal that has gone, or ``stop()``.
    package func line() async -> String? {
        await withCheckedContinuation { shared.ask($0) }
    }

    /// What stands before the line, from now on.
    package func show(prompt: String) { shared.show(prompt: prompt) }

    /// The text that the next line begins with, as if it had been typed.
    package func offer(_ text: String) { shared.offer(text) }

    /// The terminal has another size.
    package func resize() { shared.resize() }

    /// Ends the line that is typed, and all later ones. Returns once the terminal is as it was.
    package func stop() async { await withCheckedContinuation { shared.stop($0) } }

    // MARK: Output

    package var width: Int? {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    package var isClosedByReader: Bool { false }

    package func waitUntilReaderLeaves() async { await ReaderWatch.untilCancelled() }

    package func write(_ bytes: [UInt8]) throws(ChatError) { try shared.write(bytes) }
}
