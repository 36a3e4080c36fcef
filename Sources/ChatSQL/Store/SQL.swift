import ChatCore

/// Queries that several extensions of the store share, without their conditions.
enum SQL {
    /// Tokens, each followed by its user.
    static let tokensWithUser = """
        SELECT \(Token.Column.list(prefix: "t.")), \(User.Column.list(prefix: "u."))
        FROM tokens t JOIN users u ON u.id = t.user_id
        """

    /// All of a room; `$1` is the present time.
    static let room = "SELECT \(Room.Column.list()) FROM rooms r"

    /// Messages without their room.
    static let messages = "SELECT \(Message.Column.list()) FROM messages m JOIN users u ON u.id = m.author_id"

    /// Messages, each followed by its room.
    static let messagesWithRoom = "\(messageAndRoom) \(messagesAndRooms)"

    /// The same, followed by the client id.
    static let messagesWithClientID = "\(messageAndRoom), m.client_id \(messagesAndRooms)"

    private static let messageAndRoom = "SELECT \(Message.Column.list()), \(RoomReference.Column.list())"

    private static let messagesAndRooms = """
        FROM messages m JOIN users u ON u.id = m.author_id JOIN rooms r ON r.id = m.room_id
        """

    /// The access of user `$2` to rooms at the time `$1`.
    static let standing = "SELECT \(RoomAccess.Column.list()) \(standingTables)"

    /// The same, followed by the number of nodes on which the user is online in the room, and by the room's last `seq`
    /// when the database was restored.
    static let standingAndPresence = """
        SELECT \(RoomAccess.Column.list()),
            (SELECT COUNT(*) FROM presence p JOIN nodes n ON n.id = p.node_id
                WHERE p.room_id = r.id AND p.user_id = u.id AND n.lease_until > $1),
            r.restored_seq
        \(standingTables)
        """

    private static let standingTables = """
        FROM rooms r
        LEFT JOIN users u ON u.id = $2
        LEFT JOIN memberships m ON m.room_id = r.id AND m.user_id = u.id
        """

    /// The end of a query that reads a part of a list sorted by `column`, after at least one condition; appends its
    /// arguments.
    static func part(_ after: SQLValue?, _ most: Int?, of column: String, _ arguments: inout [SQLValue]) -> String {
        var text = ""
        if let after {
            arguments.append(after)
            text = "AND \(column) > $\(arguments.count) "
        }
        text += "ORDER BY \(column)"
        guard let most else { return text }
        arguments.append(.count(max(0, most)))
        return text + " LIMIT $\(arguments.count)"
    }
}
