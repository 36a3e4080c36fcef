import ChatCore

/// Where text for a person or another program goes: a descriptor of the process, or a buffer.
package protocol OutputChannel: Sendable {
    /// A person looks at it, so colours help and control characters do harm.
    var isTerminal: Bool { get }

    /// Columns of the terminal now; nil where there is none.
    var width: Int? { get }

    /// The reader has closed its end, so a failed write is no fault of anybody.
    var isClosedByReader: Bool { get }

    /// Returns once the reader has closed its end, which a command that waits for something would not notice, or once the
    /// task is cancelled. Where nobody can tell, it returns on cancellation only.
    func waitUntilReaderLeaves() async

    /// Writes all of `bytes`, with nothing of another call in between, and returns once the system has taken them.
    ///
    /// - Throws: `outputFailed` when not all of them could be written.
    func write(_ bytes: [UInt8]) throws(ChatError)
}
