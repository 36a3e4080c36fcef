import ChatCore

// Each migration runs in a transaction of its own, which first checks again whether it is still pending. So two
// processes may migrate one database at the same time: the second waits and finds the work done. A database is refused
// when it has a version that this program does not know, or a known version with another checksum: to guess could
// destroy messages.

/// Brings a database's schema up to date and reports its state.
package struct Migrator: Sendable {
    let driver: any SQLDriver
    let clock: WallClock
    /// The name of the database in errors.
    let database: String

    /// - Parameter database: the name of the database in errors.
    package init(driver: any SQLDriver, clock: WallClock, database: String) {
        self.driver = driver
        self.clock = clock
        self.database = database
    }

    /// A row of `schema_migrations`.
    private struct Applied {
        let version: Int
        let name: String
        let checksum: String
        let at: Timestamp
    }

    private var known: [Migration] { driver.dialect.migrations }
    private var newest: Int { known.last?.version ?? 0 }

    /// All migrations of this program by ascending version.
    ///
    /// - Throws: `configuration` when the schema is newer than the program or a checksum differs.
    package func status() async throws(ChatError) -> [MigrationStatus] {
        let applied = try await driver.read { session throws(ChatError) -> [Applied] in try self.applied(session) }
        try check(applied)
        return known.map { migration in
            let at = applied.first { $0.version == migration.version }?.at
            return MigrationStatus(version: migration.version, name: migration.name, appliedAt: at)
        }
    }

    /// Applies pending migrations and returns those that this call applied, or would apply with `dryRun`.
    ///
    /// - Throws: what ``status()`` throws, and what a migration failed with; that one is rolled back as a whole.
    @discardableResult
    package func migrate(dryRun: Bool = false) async throws(ChatError) -> [MigrationStatus] {
        let pending = try await status().filter { $0.appliedAt == nil }
        guard !dryRun else { return pending }
        var done: [MigrationStatus] = []
        for migration in known where pending.contains(where: { $0.version == migration.version }) {
            if let status = try await applying(migration) { done.append(status) }
        }
        return done
    }

    /// - Throws: `configuration` when the schema is missing, or older or newer than this program, or a checksum differs.
    package func requireCurrent() async throws(ChatError) {
        let pending = try await status().filter { $0.appliedAt == nil }
        guard let first = pending.first else { return }
        guard pending.count < known.count else { throw .noSchema(database) }
        throw ChatError(
            .configuration,
            "database \(database): its schema is at version \(first.version - 1), this program needs \(newest)",
            remedy: .migrate)
    }

    /// - Throws: `configuration` when the database holds tables of another program, which are in the way of the first migration.
    private func applying(_ migration: Migration) async throws(ChatError) -> MigrationStatus? {
        do throws(ChatError) {
            return try await apply(migration)
        } catch  where migration.version == 1 && (error.code == .fault || error.code == .alreadyExists) {
            throw ChatError(
                .configuration,
                "database \(database): it holds tables that are not chatctl's",
                remedy: .nameDatabase)
        }
    }

    /// Returns nil when another process has applied it meanwhile.
    private func apply(_ migration: Migration) async throws(ChatError) -> MigrationStatus? {
        let moment = clock.now()
        return try await driver.write { session throws(ChatError) in
            if let lock = driver.dialect.migrationLock { try session.executeScript(lock) }
            guard !(try applied(session)).contains(where: { $0.version == migration.version }) else { return nil }
            try session.executeScript(migration.script)
            if migration.version == 1 { try Seed.insert(at: moment, session) }
            try session.execute(
                "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
                [.count(migration.version), .text(migration.name), .text(migration.checksum), .time(moment)])
            return MigrationStatus(version: migration.version, name: migration.name, appliedAt: moment)
        }
    }

    private func applied(_ session: any SQLSession) throws(ChatError) -> [Applied] {
        guard try session.query(driver.dialect.schemaTableCount, []).first?.integer(0) == 1 else { return [] }
        return try session.query(
            "SELECT version, name, checksum, applied_at FROM schema_migrations ORDER BY version", []
        ).map { row throws(ChatError) in
            Applied(
                version: Int(try row.integer(0)), name: try row.text(1), checksum: try row.text(2),
                at: try row.time(3))
        }
    }

    private func check(_ applied: [Applied]) throws(ChatError) {
        for entry in applied {
            guard let migration = known.first(where: { $0.version == entry.version }) else {
                throw ChatError(
                    .configuration,
                    "database \(database): its schema is at version \(entry.version), newer than this program",
                    hint: "use the newer chatctl that has migrated it")
            }
            guard migration.checksum == entry.checksum else {
                throw ChatError(
                    .configuration,
                    "database \(database): its migration \(entry.version) '\(entry.name)' has another text than ours",
                    hint: "use the chatctl that has migrated it, or restore a backup")
            }
        }
    }
}

extension ChatError {
    package static func noSchema(_ database: String) -> ChatError {
        ChatError(.configuration, "database \(database): has no schema yet", remedy: .migrate)
    }
}
