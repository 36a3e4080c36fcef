import ChatCore

extension SQLStore: InvitationStore {
    package func insertInvitation(
        digest: [UInt8], uses: Int, expiresAt: Timestamp?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Invitation {
        try await perform(act, at: moment) { session throws(ChatError) in
            let rows = try session.query(
                """
                INSERT INTO invitations (hash, uses, made_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
                RETURNING \(Invitation.Column.list())
                """,
                [.bytes(digest), .count(uses), .text(act.actor), .time(moment), .time(expiresAt)])
            guard let row = rows.first else { throw ChatError(.fault, "database: an invitation was not stored") }
            try session.record(act, at: moment)
            return try Invitation(row)
        }
    }

    package func invitations() async throws(ChatError) -> [Invitation] {
        try await driver.read { session throws(ChatError) in
            try session.query(
                "SELECT \(Invitation.Column.list()) FROM invitations ORDER BY id DESC LIMIT $1",
                [.count(Limits.listPage)]
            ).reversed().map { row throws(ChatError) in try Invitation(row) }
        }
    }

    package func deleteInvitation(_ id: Int64, at moment: Timestamp, act: Act) async throws(ChatError) -> Bool {
        try await perform(act, at: moment) { session throws(ChatError) in
            let deleted = try session.execute("DELETE FROM invitations WHERE id = $1", [.integer(id)])
            guard deleted == 1 else { return false }
            try session.record(act, at: moment)
            return true
        }
    }

    package func isOpen(invitation digest: [UInt8], at moment: Timestamp) async throws(ChatError) -> Bool {
        try await driver.read { session throws(ChatError) in
            !(try session.query(
                "SELECT id FROM invitations WHERE hash = $1 AND \(Self.isOpen)", [.bytes(digest), .time(moment)]
            )).isEmpty
        }
    }

    package func redeemInvitation(
        digest: [UInt8], _ user: NewUser, passwordHash: String?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> User {
        try await perform(act, at: moment) { session throws(ChatError) in
            let rows = try session.query(
                "UPDATE invitations SET used = used + 1 WHERE hash = $1 AND \(Self.isOpen) RETURNING id",
                [.bytes(digest), .time(moment)])
            guard rows.first != nil else { throw .noInvitation }
            return try Self.insert(user, passwordHash: passwordHash, at: moment, act: act, in: session)
        }
    }

    private static let isOpen = "used < uses AND (expires_at IS NULL OR expires_at > $2)"
}

extension Invitation {
    enum Column: Int, SQLColumn {
        case id, uses, used, by, createdAt, expiresAt

        var sql: String {
            switch self {
            case .id: "id"
            case .uses: "uses"
            case .used: "used"
            case .by: "made_by"
            case .createdAt: "created_at"
            case .expiresAt: "expires_at"
            }
        }
    }

    fileprivate init(_ row: SQLRow) throws(ChatError) {
        self.init(
            id: try row.integer(Column.id), uses: Int(try row.integer(Column.uses)),
            used: Int(try row.integer(Column.used)), by: try row.text(Column.by),
            createdAt: try row.time(Column.createdAt), expiresAt: try row.optionalTime(Column.expiresAt))
    }
}
