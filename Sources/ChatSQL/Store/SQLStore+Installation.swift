import ChatCore

extension SQLStore: InstallationStore {
    package var writer: (any TaskExecutor)? { driver.writer }
    package var reader: (any TaskExecutor)? { driver.reader }

    package func prepareToServe() async { await driver.prepareToServe() }

    package func releaseMemory() async { await driver.releaseMemory() }

    package func fault() async -> ChatError? { await driver.fault() }

    package func epoch() async throws(ChatError) -> String {
        try await driver.read { session throws(ChatError) in try Self.epoch(session) }
    }

    package func presentEpoch() async throws(ChatError) -> String {
        try await driver.readAnew { session throws(ChatError) in try Self.epoch(session) }
    }

    private static func epoch(_ session: any SQLSession) throws(ChatError) -> String {
        guard let row = try session.query("SELECT epoch FROM installation", []).first else {
            throw ChatError(.fault, "database: it holds no installation row")
        }
        return try row.text(0)
    }
}
