import ChatCore

extension RoomAccess {
    /// The access of user `$2` to a room at the time `$1`; the columns of the user are NULL where there is none.
    enum Column: Int, SQLColumn {
        case roomID, roomName, kind, archivedAt, lastSeq, lastMessageAt
        case userID, username, siteRole, disabledAt, role, bans, mutes, peers

        var sql: String {
            switch self {
            case .roomID: "r.id"
            case .roomName: "r.name"
            case .kind: "r.kind"
            case .archivedAt: "r.archived_at"
            case .lastSeq: "r.last_seq"
            case .lastMessageAt: "r.last_message_at"
            case .userID: "u.id"
            case .username: "u.username"
            case .siteRole: "u.role"
            case .disabledAt: "u.disabled_at"
            case .role: "m.role"
            case .bans: Self.count(of: .ban)
            case .mutes: Self.count(of: .mute)
            case .peers: Self.peerCount
            }
        }

        /// How many enabled accounts a direct room has beside the user's; 1 for any other room.
        private static let peerCount = """
            (CASE WHEN r.kind <> 'direct' THEN 1 ELSE
                (SELECT COUNT(*) FROM memberships o JOIN users p ON p.id = o.user_id
                    WHERE o.room_id = r.id AND o.user_id <> u.id AND p.disabled_at IS NULL) END)
            """

        /// How many restrictions of a kind are in force, which is 0 or 1.
        private static func count(of kind: RestrictionKind) -> String {
            """
            (SELECT COUNT(*) FROM restrictions x WHERE x.room_id = r.id AND x.user_id = u.id
                AND x.kind = '\(kind.rawValue)' AND (x.until IS NULL OR x.until > $1))
            """
        }
    }

    /// Reads a row of ``SQL/standing``.
    init(_ row: SQLRow) throws(ChatError) {
        let siteRole: SiteRole? = row.isNull(Column.siteRole) ? nil : try row.choice(Column.siteRole)
        self.init(
            room: RoomReference(
                id: RoomID(try row.integer(Column.roomID)), name: RoomName(stored: try row.text(Column.roomName))),
            kind: try row.choice(Column.kind), isArchived: !row.isNull(Column.archivedAt),
            lastSeq: try row.integer(Column.lastSeq), role: row.isNull(Column.role) ? nil : try row.choice(Column.role),
            isBanned: try row.integer(Column.bans) > 0, isMuted: try row.integer(Column.mutes) > 0,
            isSiteAdmin: siteRole == .admin)
        hasPeer = try row.integer(Column.peers) > 0
    }
}
