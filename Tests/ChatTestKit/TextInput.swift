import ChatCore
import ChatTerminal
import Synchronization

/// An input channel that provides a text in pieces.
package final class TextInput: InputChannel {
    package let isTerminal: Bool
    private let pieces: Mutex<[[UInt8]]>
    private let answers: Mutex<[String]>

    /// - Parameters:
    ///   - pieces: the result of each read; then comes the end of input.
    ///   - answers: what is entered each time a secret is asked for; then comes the end of input.
    package init(_ pieces: [[UInt8]], isTerminal: Bool = false, answers: [String] = []) {
        self.pieces = Mutex(pieces)
        self.isTerminal = isTerminal
        self.answers = Mutex(answers)
    }

    package convenience init(_ text: String = "", isTerminal: Bool = false, answers: [String] = []) {
        self.init(text.isEmpty ? [] : [Array(text.utf8)], isTerminal: isTerminal, answers: answers)
    }

    package func read() throws(ChatError) -> [UInt8] {
        pieces.withLock { $0.isEmpty ? [] : $0.removeFirst() }
    }

    package func secret(_ prompt: String) throws(ChatError) -> String? {
        answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}
