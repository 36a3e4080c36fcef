import ChatCore
import ChatSQL
import GRDB

// What a restore needs of a driver: to prepare a copy that is one file, and to see that the open file was replaced.

extension SQLiteDriver {
    /// Opens a file that no other process has open, without a write-ahead log: it stays one file.
    static func alone(_ path: String) throws(ChatError) -> SQLiteDriver {
        do {
            let patience = WritePatience()
            let queue = try DatabaseQueue(path: path, configuration: configuration(patience))
            return try SQLiteDriver(path: path, file: nil, connections: queue, patience: patience)
        } catch {
            throw SQLiteErrors.translate(error, path: path)
        }
    }

    func readAnew<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        guard let file, SQLiteFile.identity(path) != file else { return try await read(body) }
        return try await Self.onThread { [path, origin] () throws(ChatError) in
            var configuration = Self.configuration()
            configuration.readonly = true
            do {
                let present = try DatabaseQueue(path: path, configuration: configuration)
                defer { try? present.close() }
                return try present.read { try body(SQLiteSession(database: $0, path: path, origin: origin)) }
            } catch {
                throw SQLiteErrors.translate(error, path: path)
            }
        }.get()
    }
}
