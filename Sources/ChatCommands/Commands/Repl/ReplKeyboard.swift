import ChatCore
import ChatTerminal
import Glibc
import Synchronization

/// A session at the keyboard.
struct ReplKeyboard {
    let session: ReplSession
    let editor: LineEditor
    let invocation: Invocation
    private let interrupts = ReplInterrupts()

    init(session: ReplSession, editor: LineEditor, invocation: Invocation) {
        (self.session, self.editor, self.invocation) = (session, editor, invocation)
    }

    /// - Throws: what the first room throws, if one was named; `outputFailed`.
    func run() async throws(ChatError) {
        let resizes = watch([SIGWINCH]) { editor in editor.resize() }
        let ends = watch([SIGTERM, SIGHUP]) { editor in await editor.stop() }
        // For as long as the session runs: without it, Ctrl-C just before a command begins would end the process.
        let stops = watch([SIGINT]) { [interrupts] _ in interrupts.fire() }
        defer { for task in [resizes, ends, stops] { task.cancel() } }
        await session.tell { [editor] prompt in editor.show(prompt: prompt.text) }
        do throws(ChatError) {
            try await read()
        } catch {
            await editor.stop()
            throw error
        }
        await editor.stop()
    }

    private func read() async throws(ChatError) {
        try await session.begin()
        if !invocation.options.quiet {
            try await session.line("Type a text to post it, '/help' for commands; Ctrl-D leaves.")
        }
        editor.show(prompt: await session.prompt.text)
        while let line = await editor.line() {
            if try await perform(line) { return }
            editor.show(prompt: await session.prompt.text)
        }
    }

    /// Does what a line says; Ctrl-C ends that.
    ///
    /// - Returns: whether the session ends.
    private func perform(_ line: String) async throws(ChatError) -> Bool {
        do throws(ChatError) {
            let session = session
            let hasFinished = try await Interruption.run(interrupts.stream()) {
                () async throws(ChatError) in
                try await session.carryOut(line)
            }
            if !hasFinished { await session.notice("interrupted") }
            return hasFinished ? await session.hasEnded : false
        } catch {
            if error.code == .outputFailed { throw error }
            ErrorReport.show(error, asJSON: await session.toggles.contains(.json), on: editor)
            // What could not be posted is not lost: it is the next line, to be sent again.
            if error.code == .unavailable, !line.hasPrefix("/") { editor.offer(line) }
            return false
        }
    }

    private func watch(
        _ signals: [Int32], _ act: @escaping @Sendable (LineEditor) async -> Void
    ) -> Task<Void, Never> {
        let stream = invocation.signals.stream(of: signals)
        let editor = editor
        return Task { for await _ in stream { await act(editor) } }
    }
}

/// Ctrl-C for what runs now, and for nothing where nothing does.
private final class ReplInterrupts: Sendable {
    private let current = Mutex<AsyncStream<Void>.Continuation?>(nil)

    /// The interrupts from now on, until the next call.
    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        current.withLock { $0 = continuation }
        return stream
    }

    func fire() { _ = current.withLock { $0?.yield() } }
}
