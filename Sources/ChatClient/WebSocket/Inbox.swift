import ChatCore
import Synchronization

/// What a WebSocket hands to its one reader.
package enum WebSocketEvent: Sendable, Equatable {
    case text([UInt8])
    /// The last event: a code of RFC 6455 §7.4; 1005 for none, 1006 for a connection that broke.
    case closed(code: UInt16)
}

/// Events between the event loop that receives them and the one task that reads them.
///
/// Bounded by its writer, who stops reading the socket while ``put(_:)`` says so.
final class Inbox: Sendable {
    /// Bytes at which reading stops, and at which it goes on.
    static let high = 1_048_576
    static let low = 262_144

    private struct State {
        var frames: [[UInt8]] = []
        var start = 0
        var bytes = 0
        var isPaused = false
        var code: UInt16?
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Adds a frame; true when the socket is to be read no further until ``next(resume:)`` resumes it.
    func put(_ frame: [UInt8]) -> Bool {
        let (reader, isFull) = state.withLock { state in
            state.frames.append(frame)
            state.bytes += frame.count
            if state.bytes >= Self.high { state.isPaused = true }
            return (Self.takeReader(&state), state.isPaused)
        }
        reader?.resume()
        return isFull
    }

    /// Ends the events; the first code counts.
    func end(code: UInt16) {
        let reader = state.withLock { state in
            state.code = state.code ?? code
            return Self.takeReader(&state)
        }
        reader?.resume()
    }

    /// The next event; nil when the task is cancelled.
    ///
    /// - Parameter resume: called when the socket is to be read again.
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
        guard state.start < state.frames.count else { return (state.code.map { .closed(code: $0) }, false) }
        let frame = state.frames[state.start]
        state.start += 1
        state.bytes -= frame.count
        if state.start == state.frames.count || state.start >= 256 {
            state.frames.removeFirst(state.start)
            state.start = 0
        }
        let resumes = state.isPaused && state.bytes <= Self.low
        if resumes { state.isPaused = false }
        return (.text(frame), resumes)
    }

    private func change() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.frames.isEmpty, state.code == nil, !Task.isCancelled else { return false }
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
