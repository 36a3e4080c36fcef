import NIOCore
import Synchronization

/// What a WebSocket delivers to its reader.
enum WebSocketEvent: Sendable, Equatable {
    case text([UInt8])
    /// The last event, with a code of RFC 6455 §7.4: 1005 when there was none, 1006 when the connection broke.
    case closed(code: UInt16)
}

/// The queue between the event loop that receives frames and the task that reads them.
///
/// It is bounded in two ways. Frames that must not be lost apply back-pressure: the writer stops reading the socket
/// while ``put(_:)`` says so. Of passing frames, such as typing, the oldest are dropped when the reader is slow.
final class Inbox: Sendable {
    /// High and low watermark: bytes in the queue at which reading the socket stops and resumes.
    static let high = 1_048_576
    static let low = 262_144
    /// Bytes of passing frames in the queue: some hundreds of frames.
    static let passingBytes = 65_536

    private struct Entry {
        let number: UInt64
        let frame: [UInt8]
    }

    private struct Queue {
        private var entries: CircularBuffer<Entry> = []
        private(set) var bytes = 0

        var firstNumber: UInt64? { entries.first?.number }

        mutating func append(_ entry: Entry) {
            entries.append(entry)
            bytes += entry.frame.count
        }

        mutating func popFirst() -> [UInt8]? {
            guard let entry = entries.popFirst() else { return nil }
            bytes -= entry.frame.count
            return entry.frame
        }
    }

    private struct State {
        var lasting = Queue()
        var passing = Queue()
        var count: UInt64 = 0
        var isPaused = false
        var code: UInt16?
        var reader: CheckedContinuation<Void, Never>?

        var isEmpty: Bool { lasting.firstNumber == nil && passing.firstNumber == nil }
    }

    private let isPassing: @Sendable ([UInt8]) -> Bool
    private let state = Mutex(State())

    /// - Parameter isPassing: true for a frame that may be dropped.
    init(isPassing: @escaping @Sendable ([UInt8]) -> Bool) {
        self.isPassing = isPassing
    }

    /// Adds a frame. Returns true when the socket must not be read further until ``next(resume:)`` resumes it.
    func put(_ frame: [UInt8]) -> Bool {
        let isPassing = isPassing(frame)
        let (reader, isFull) = state.withLock { state in
            state.count += 1
            Self.append(Entry(number: state.count, frame: frame), isPassing, to: &state)
            return (Self.takeReader(&state), state.isPaused)
        }
        reader?.resume()
        return isFull
    }

    private static func append(_ entry: Entry, _ isPassing: Bool, to state: inout State) {
        if isPassing {
            state.passing.append(entry)
            while state.passing.bytes > passingBytes { _ = state.passing.popFirst() }
        } else {
            state.lasting.append(entry)
            if state.lasting.bytes >= high { state.isPaused = true }
        }
    }

    /// Ends the queue; the first code counts.
    func end(code: UInt16) {
        let reader = state.withLock { state in
            state.code = state.code ?? code
            return Self.takeReader(&state)
        }
        reader?.resume()
    }

    /// Waits for the next event; nil when the task is cancelled.
    ///
    /// - Parameter resume: called when the socket may be read again.
    func next(resume: () -> Void) async -> WebSocketEvent? {
        while !Task.isCancelled {
            let (event, resumes) = state.withLock { Self.take(&$0) }
            if resumes { resume() }
            if let event { return event }
            await change()
        }
        return nil
    }

    private static func take(_ state: inout State) -> (event: WebSocketEvent?, resumes: Bool) {
        let isPassingNext = state.passing.firstNumber.map { $0 < state.lasting.firstNumber ?? .max } ?? false
        guard let frame = isPassingNext ? state.passing.popFirst() : state.lasting.popFirst() else {
            return (state.code.map { .closed(code: $0) }, false)
        }
        let resumes = state.isPaused && state.lasting.bytes <= low
        if resumes { state.isPaused = false }
        return (.text(frame), resumes)
    }

    private func change() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.isEmpty, state.code == nil, !Task.isCancelled else { return false }
                    state.reader = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { Self.takeReader(&$0) }?.resume()
        }
    }

    private static func takeReader(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        defer { state.reader = nil }
        return state.reader
    }
}
