import ChatCore
import Glibc
import Synchronization

/// What the editor's thread and everybody else share.
final class EditorState: Sendable {
    private struct State {
        var prompt = "> "
        var offered = ""
        /// What is to appear above the line.
        var pending: [UInt8] = []
        /// A line is typed: what is written must wait for the thread.
        var isEditing = false
        var isResized = false
        var hasNewPrompt = false
        var isStopped = false
        /// The thread has ended, and nobody answers any more.
        var hasEnded = false
        var reader: CheckedContinuation<String?, Never>?
        var stoppers: [CheckedContinuation<Void, Never>] = []
    }

    /// What the thread has to do when it wakes up.
    struct News {
        let above: [UInt8]
        let isResized: Bool
        let hasNewPrompt: Bool
        let isStopped: Bool
    }

    /// As much may wait to appear above a line; whoever writes more waits.
    private static let mostPending = 256 << 10

    /// A byte comes here when there is news, or a line is asked for.
    let wake: Int32
    private let waker: Int32
    private let output: DescriptorOutput
    private let state = Mutex(State())

    /// - Throws: `unavailable` when no descriptor is left.
    init(output: Int32) throws(ChatError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw ChatError(.unavailable, "terminal: no descriptor is left: \(String(cString: strerror(errno)))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (wake, waker) = (ends[0], ends[1])
        self.output = DescriptorOutput(output, name: "standard output")
    }

    deinit {
        close(wake)
        close(waker)
    }

    // MARK: Everybody else

    func ask(_ reader: CheckedContinuation<String?, Never>) {
        let isOver = state.withLock { state in
            if state.hasEnded { return true }
            state.reader = reader
            return false
        }
        if isOver { reader.resume(returning: nil) } else { wakeUp() }
    }

    func show(prompt: String) {
        let isNew = state.withLock { state in
            guard state.prompt != prompt else { return false }
            (state.prompt, state.hasNewPrompt) = (prompt, true)
            return true
        }
        if isNew { wakeUp() }
    }

    func offer(_ text: String) { state.withLock { $0.offered = text } }

    func resize() {
        state.withLock { $0.isResized = true }
        wakeUp()
    }

    func stop(_ stopper: CheckedContinuation<Void, Never>) {
        let isOver = state.withLock { state in
            state.isStopped = true
            if !state.hasEnded { state.stoppers.append(stopper) }
            return state.hasEnded
        }
        if isOver { stopper.resume() } else { wakeUp() }
    }

    /// Puts bytes above the line that is typed, or writes them where none is.
    func write(_ bytes: [UInt8]) throws(ChatError) {
        while true {
            let isTaken = try state.withLock { state throws(ChatError) in
                guard state.isEditing, !state.hasEnded else {
                    try output.write(bytes)
                    return true
                }
                guard state.pending.count < Self.mostPending else { return false }
                state.pending += bytes
                return true
            }
            wakeUp()
            if isTaken { return }
            // The terminal takes nothing just now. As with any output, whoever writes waits for it.
            _ = poll(nil, 0, 5)
        }
    }

    private func wakeUp() {
        // A full pipe wakes up just as well.
        _ = Glibc.write(waker, [1], 1)
    }

    // MARK: The thread

    /// Waits until a line is asked for. Returns the text that it begins with; nil when there are to be no more lines.
    func waitForReader() -> String? {
        while true {
            let (isStopped, isAsked) = state.withLock { state in
                let isAsked = state.reader != nil && !state.isStopped
                if isAsked { state.isEditing = true }
                return (state.isStopped, isAsked)
            }
            if isStopped { return nil }
            if isAsked {
                return state.withLock { state in
                    defer { state.offered = "" }
                    return state.offered
                }
            }
            var woken = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
            _ = poll(&woken, 1, -1)
            drain()
        }
    }

    var prompt: String { state.withLock { $0.prompt } }

    func news() -> News {
        drain()
        return state.withLock { state in
            defer { (state.pending, state.isResized, state.hasNewPrompt) = ([], false, false) }
            return News(
                above: state.pending, isResized: state.isResized, hasNewPrompt: state.hasNewPrompt,
                isStopped: state.isStopped)
        }
    }

    /// Hands over the line. What is written from now on appears at once.
    func answer(_ line: String?) {
        let reader = state.withLock { state in
            state.isEditing = false
            if !state.pending.isEmpty { try? output.write(state.pending) }
            state.pending = []
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: line)
    }

    /// The thread is at its end.
    func end() {
        answer(nil)
        let stoppers = state.withLock { state in
            state.hasEnded = true
            defer { state.stoppers = [] }
            return state.stoppers
        }
        for stopper in stoppers { stopper.resume() }
    }

    private func drain() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(wake, &bytes, bytes.count) == bytes.count {}
    }
}
