import ChatCore

/// The one store: all nouns of the core in SQL, over any database a driver brings.
package final class SQLStore: Sendable {
    let driver: any SQLDriver
    /// Says what is online, banned or expired now where a call does not bring the time itself.
    let clock: WallClock

    package init(driver: any SQLDriver, clock: WallClock) {
        self.driver = driver
        self.clock = clock
    }
}

/// The parts of statements that several nouns share; readers of rows count on the order of the columns.
enum SQL {
    static let userColumns = "id, username, display_name, bio, role, disabled_at, created_at"

    static let joinedUserColumns =
        "u.id, u.username, u.display_name, u.bio, u.role, u.disabled_at, u.created_at"

    /// All of a room; `$1` is the present time, which decides whose leases live.
    static let room = """
        SELECT r.id, r.name, r.kind, r.topic, r.archived_at, r.last_seq, r.created_at,
            (SELECT COUNT(*) FROM memberships m WHERE m.room_id = r.id),
            (SELECT COUNT(DISTINCT p.user_id) FROM presence p JOIN nodes n ON n.id = p.node_id
                WHERE p.room_id = r.id AND n.lease_until > $1)
        FROM rooms r
        """

    /// A message without its room.
    static let messageColumns =
        "m.id, m.seq, m.body, m.author_id, u.username, u.display_name, m.created_at, m.deleted_at"

    static let messages = "SELECT \(messageColumns) FROM messages m JOIN users u ON u.id = m.author_id"

    /// A message and after it its room's id and name.
    static let messagesWithRoom = """
        SELECT \(messageColumns), r.id, r.name
        FROM messages m JOIN users u ON u.id = m.author_id JOIN rooms r ON r.id = m.room_id
        """

    /// The standing of user `$2` in a room at the time `$1`; the user's columns are null for nobody.
    static let standing = "SELECT \(standingColumns) \(standingTables)"

    /// The same with the number of nodes on which the user is online in the room.
    static let standingAndPresence = """
        SELECT \(standingColumns),
            (SELECT COUNT(*) FROM presence p JOIN nodes n ON n.id = p.node_id
                WHERE p.room_id = r.id AND p.user_id = u.id AND n.lease_until > $1)
        \(standingTables)
        """

    private static let standingColumns = """
        r.id, r.name, r.kind, r.archived_at, r.last_seq, u.id, u.username, u.role, u.disabled_at, m.role,
            (SELECT COUNT(*) FROM restrictions x WHERE x.room_id = r.id AND x.user_id = u.id
                AND x.kind = 'ban' AND (x.until IS NULL OR x.until > $1)),
            (SELECT COUNT(*) FROM restrictions x WHERE x.room_id = r.id AND x.user_id = u.id
                AND x.kind = 'mute' AND (x.until IS NULL OR x.until > $1)),
            r.last_message_at
        """

    private static let standingTables = """
        FROM rooms r
        LEFT JOIN users u ON u.id = $2
        LEFT JOIN memberships m ON m.room_id = r.id AND m.user_id = u.id
        """
}

extension SQLSession {
    /// Writes an act to the audit log, in the transaction that performs it.
    func record(_ act: Act?, at moment: Timestamp) throws(ChatError) {
        guard let act else { return }
        try execute(
            "INSERT INTO audit (at, actor, action, target, detail) VALUES ($1, $2, $3, $4, $5)",
            [.time(moment), .text(act.actor), .text(act.action), .text(act.target), .text(act.detail)])
    }
}
