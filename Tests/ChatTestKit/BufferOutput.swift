import ChatCore
import ChatTerminal
import Synchronization

/// An output channel that collects what is written, for a test to read.
package final class BufferOutput: OutputChannel {
    /// How writing fails once the capacity is reached.
    package enum End: Sendable {
        /// As on a full disk.
        case full
        /// As on a pipe whose reader has closed it.
        case closedByReader
    }

    private struct State {
        var bytes: [UInt8] = []
        var isClosedByReader = false
    }

    package let isTerminal: Bool
    package let width: Int?
    private let capacity: Int
    private let end: End
    private let state = Mutex(State())
    private let leaving = AsyncStream<Void>.makeStream()
    private let changes = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter capacity: bytes that can be written before writing fails.
    package init(isTerminal: Bool = false, width: Int? = nil, capacity: Int = .max, end: End = .full) {
        self.isTerminal = isTerminal
        self.width = width
        self.capacity = capacity
        self.end = end
    }

    package var isClosedByReader: Bool { state.withLock { $0.isClosedByReader } }

    package var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }

    package var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    package func write(_ bytes: [UInt8]) throws(ChatError) {
        let fits = state.withLock { state in
            let room = capacity - state.bytes.count
            state.bytes += bytes.prefix(room)
            if room < bytes.count, end == .closedByReader { state.isClosedByReader = true }
            return bytes.count <= room
        }
        changes.continuation.yield()
        guard fits else { throw ChatError(.outputFailed, "standard output: cannot be written: no room") }
    }

    /// The reader closes its end.
    package func leave() {
        state.withLock { $0.isClosedByReader = true }
        leaving.continuation.finish()
    }

    package func waitUntilReaderLeaves() async { for await _ in leaving.stream {} }

    /// Waits until `count` lines were written. Only one task at a time may wait.
    package func waitForLines(_ count: Int) async {
        var arrivals = changes.stream.makeAsyncIterator()
        while lines.count < count, await arrivals.next() != nil {}
    }
}
