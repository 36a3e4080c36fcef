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

    /// - Throws: `configuration` unless the database has all tables and indexes of ours, and no trigger, which could undo what
    ///   was acknowledged.
    func requireWhole(as file: String, _ clock: WallClock) async throws(ChatError) {
        let model = try SQLiteDriver.inMemory(as: file)
        let (expected, found): (Set<String>, Set<String>)
        do throws(ChatError) {
            try await Migrator(driver: model, clock: clock, database: file).migrate()
            (expected, found) = (try await model.objects(), try await objects())
        } catch {
            await model.close()
            throw error
        }
        await model.close()
        if let missing = expected.subtracting(found).min() {
            throw ChatError(.configuration, "backup \(file): it is not whole: \(missing) is missing")
        }
        if let trigger = found.first(where: { $0.hasPrefix("trigger ") }) {
            throw ChatError(.configuration, "backup \(file): it is not chatctl's alone: it has the \(trigger)")
        }
    }

    /// Tables, indexes, views and triggers, each with its kind before its name.
    private func objects() async throws(ChatError) -> Set<String> {
        try await read { session throws(ChatError) in
            var objects: Set<String> = []
            for row in try session.query("SELECT type, name FROM sqlite_master", []) {
                objects.insert("\(try row.text(0)) \(try row.text(1))")
            }
            return objects
        }
    }
}
