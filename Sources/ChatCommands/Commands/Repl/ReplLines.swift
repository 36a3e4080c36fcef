import ChatCore
import ChatTerminal
import Dispatch
import Synchronization

/// The lines of a script, read from a channel one at a time.
///
/// `@unchecked Sendable`: `reader` is touched on the queue only. A program that writes the script may take its time, and a
/// read that waits must not hold a thread of the pool, which has to show what arrives meanwhile.
final class ReplLines: @unchecked Sendable {
    /// A line is a body or a command; nobody needs a longer one.
    static let longest = 4 * Limits.bodyBytes

    private let queue = DispatchQueue(label: "chatctl.script")
    private var reader: LineReader

    init(_ input: any InputChannel) {
        reader = LineReader(input, limit: Self.longest)
    }

    /// The next line; nil at the end.
    ///
    /// - Throws: `invalidInput` for what is no line of UTF-8 text.
    func next() async throws(ChatError) -> String? {
        let result = await withCheckedContinuation {
            (waiting: CheckedContinuation<Result<String?, ChatError>, Never>) in
            queue.async { [self] in
                waiting.resume(returning: Result { () throws(ChatError) in try read() })
            }
        }
        return try result.get()
    }

    private func read() throws(ChatError) -> String? {
        switch try reader.next() {
        case nil: return nil
        case .tooLong: throw ChatError(.invalidInput, "longer than \(Self.longest) bytes")
        case .text(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ChatError(.invalidInput, "not UTF-8")
            }
            return text
        }
    }
}

/// A text as a channel.
final class ReplText: InputChannel {
    let isTerminal = false
    private let bytes: Mutex<[UInt8]>

    init(_ text: String) {
        bytes = Mutex(Array(text.utf8))
    }

    func read() throws(ChatError) -> [UInt8] {
        bytes.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
    }

    func secret(_ prompt: String) throws(ChatError) -> String? { nil }
}
