import ChatCore
import Synchronization

/// Remembers whether the last commit failed because the database could not take it, so that a server can say that it is
/// not ready. A node renews its lease every few seconds, so there is always a recent commit.
package final class WriteHealth: Sendable {
    private let last = Mutex<ChatError?>(nil)

    package init() {}

    package var fault: ChatError? { last.withLock { $0 } }

    package func succeeded() { last.withLock { $0 = nil } }

    /// Errors that are the caller's fault say nothing about the database.
    package func failed(_ error: ChatError) {
        if error.of(.database).part != nil { last.withLock { $0 = error } }
    }
}
