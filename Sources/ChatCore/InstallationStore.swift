/// What the core knows of a database as a whole.
package protocol InstallationStore: Sendable {
    /// What names this database as long as its log goes on.
    func epoch() async throws(ChatError) -> String
    /// Where a task waits least for appends; nil when it is the same everywhere.
    var writer: (any TaskExecutor)? { get }
    /// Where a task that reads a little, such as a join, waits least; nil when it is the same everywhere.
    var reader: (any TaskExecutor)? { get }
    /// Makes ready for many small commits; what cannot be done now is left.
    func prepareToServe() async
    /// Gives back memory that was kept to be faster.
    func releaseMemory() async
}
