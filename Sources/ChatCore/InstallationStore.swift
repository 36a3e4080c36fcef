/// What the core needs of a database as a whole.
package protocol InstallationStore: Sendable {
    /// The identifier of this database's log; a client that knows another epoch must start afresh.
    func epoch() async throws(ChatError) -> String
    /// The same, read from what is in the database's place now: another one once the database was restored, also where
    /// this process still has the earlier file open.
    func presentEpoch() async throws(ChatError) -> String
    /// The preferred executor for appends; nil if there is none.
    var writer: (any TaskExecutor)? { get }
    /// The preferred executor for short reads, such as those of a join; nil if there is none.
    var reader: (any TaskExecutor)? { get }
    /// Prepares for many small commits; failures are ignored.
    func prepareToServe() async
    /// Why nothing can be stored now; nil if it can.
    func fault() async -> ChatError?
    /// Releases caches.
    func releaseMemory() async
}
