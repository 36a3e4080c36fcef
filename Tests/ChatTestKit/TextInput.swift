import ChatCore
import ChatTerminal
import Synchronization

/// An input channel that provides a text in pieces.
package final class TextInput: InputChannel {
    package let isTerminal: Bool
    private let pieces: Mutex<[[UInt8]]>
    private let answer: String?

    /// - Parameters:
    ///   - pieces: the result of each read; then comes the end of input.
    ///   - answer: what is entered when a secret is asked for.
    package init(_ pieces: [[UInt8]], isTerminal: Bool = false, answer: String? = nil) {
        self.pieces = Mutex(pieces)
        self.isTerminal = isTerminal
        self.answer = answer
    }

    package convenience init(_ text: String = "", isTerminal: Bool = false, answer: String? = nil) {
        self.init(text.isEmpty ? [] : [Array(text.utf8)], isTerminal: isTerminal, answer: answer)
    }

    package func read() throws(ChatError) -> [UInt8] {
        pieces.withLock { $0.isEmpty ? [] : $0.removeFirst() }
    }

    package func secret(_ prompt: String) -> String? { answer }
}
