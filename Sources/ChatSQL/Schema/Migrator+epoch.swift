import ChatCore

// A restored database assigns the same `seq` to other messages. Its clients, who may have seen what the backup does not
// have, must not take their positions for positions in this log: every room gets another epoch. A client that sends no
// epoch cannot be told, so its position counts only as far as the restored log goes; that mark stays where it is when
// the database is restored again, because what was assigned behind it was assigned more than once.

extension Migrator {
    /// Gives every room another epoch, as after a restore, and returns the installation's new one.
    ///
    /// - Parameters:
    ///   - act: what the audit log says about it.
    ///   - moment: by which leases are judged; nil for now.
    /// - Throws: `unavailable` while a server has a valid lease: it would go on with positions in the old log.
    @discardableResult
    package func renewEpoch(_ act: Act, at moment: Timestamp? = nil) async throws(ChatError) -> String {
        let moment = moment ?? clock.now()
        return try await driver.write { [driver, database] session throws(ChatError) in
            // The lock for which a server waits that registers itself.
            try SQLStore.lockInstallation(driver.dialect, session)
            try session.requireNoServer(of: database, at: moment)
            let epoch = RandomText.hex(bytes: 16)
            try session.execute("UPDATE rooms SET restored_seq = COALESCE(restored_seq, last_seq)", [])
            try session.execute(
                "UPDATE installation SET epoch = $1, restored_at = $2", [.text(epoch), .time(moment)])
            // Left by servers that are gone, or by those that were running when the backup was made.
            try session.execute("DELETE FROM presence", [])
            try session.execute("DELETE FROM nodes", [])
            try session.record(act, at: moment)
            return epoch
        }
    }
}

extension SQLSession {
    /// - Parameter database: the name of the database in errors.
    /// - Throws: `unavailable` while a server of this database has a valid lease.
    package func requireNoServer(of database: String, at moment: Timestamp) throws(ChatError) {
        let rows = try query("SELECT name FROM nodes WHERE lease_until > $1 ORDER BY name", [.time(moment)])
        guard let name = try rows.first?.text(0) else { return }
        throw ChatError(
            .unavailable, "database \(database): a server is using it: \(name)",
            hint: "stop it first; one that was killed counts for another \(Limits.nodeLease.components.seconds) seconds"
        )
    }
}
