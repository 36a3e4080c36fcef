import ChatCore

extension SQLStore: TokenStore {
    package func insertToken(_ token: NewToken, act: Act?) async throws(ChatError) -> Token {
        try await perform(act, at: token.createdAt) { session throws(ChatError) in
            let rows = try session.query(
                """
                INSERT INTO tokens (user_id, hash, label, kind, created_at, expires_at)
                SELECT u.id, $1, $2, $3, CAST($4 AS BIGINT), CAST($5 AS BIGINT) FROM users u
                WHERE u.id = $6 AND u.deleted_at IS NULL RETURNING \(Token.Column.list())
                """,
                [
                    .bytes(token.digest), .text(token.label), .text(token.kind.rawValue), .time(token.createdAt),
                    .time(token.expiresAt), .user(token.user),
                ])
            guard let row = rows.first else { throw .goneUser }
            // Removes the user's expired sessions, which would otherwise pile up.
            try session.execute(
                "DELETE FROM tokens WHERE user_id = $1 AND kind = 'session' AND expires_at <= $2",
                [.user(token.user), .time(token.createdAt)])
            try session.record(act, at: token.createdAt)
            return try Token(row)
        }
    }

    package func authenticate(digest: [UInt8], at moment: Timestamp) async throws(ChatError) -> Credential? {
        let found = try await driver.read { session throws(ChatError) in
            try session.query(
                """
                \(SQL.tokensWithUser)
                WHERE t.hash = $1 AND (t.expires_at IS NULL OR t.expires_at > $2) AND u.deleted_at IS NULL
                """,
                [.bytes(digest), .time(moment)]
            ).first
        }
        guard let found else { return nil }
        let token = try Token(found)
        return Credential(
            user: try User(found.after(Token.Column.self)), tokenID: token.id, kind: token.kind,
            expiresAt: token.expiresAt, lastUsedAt: token.lastUsedAt)
    }

    package func noteUses(_ uses: [Int64: Timestamp]) async throws(ChatError) {
        guard !uses.isEmpty else { return }
        try await driver.write { session throws(ChatError) in
            try session.queryEach(
                "UPDATE tokens SET last_used_at = $1 WHERE id = $2",
                uses.sorted { $0.key < $1.key }.map { [.time($0.value), .integer($0.key)] })
        }
    }

    package func isLive(token: Int64, at moment: Timestamp) async throws(ChatError) -> Bool {
        try await driver.read { session throws(ChatError) in
            !(try session.query(
                """
                SELECT t.id FROM tokens t JOIN users u ON u.id = t.user_id
                WHERE t.id = $1 AND (t.expires_at IS NULL OR t.expires_at > $2)
                    AND u.disabled_at IS NULL AND u.deleted_at IS NULL
                """, [.integer(token), .time(moment)]
            )).isEmpty
        }
    }

    package func tokens(of user: UserID, _ page: ListPage<Int64>) async throws(ChatError) -> [Token] {
        try await driver.read { session throws(ChatError) in
            var arguments: [SQLValue] = [.user(user)]
            let part = SQL.part(page.after.map { .integer($0) }, page.most, of: "id", &arguments)
            return try session.query(
                "SELECT \(Token.Column.list()) FROM tokens WHERE user_id = $1 \(part)", arguments
            ).map { row throws(ChatError) in try Token(row) }
        }
    }

    package func deleteToken(
        _ id: Int64, of user: UserID, at moment: Timestamp, act: Act?
    ) async throws(ChatError) -> Bool {
        try await perform(act, at: moment) { session throws(ChatError) in
            let removed = try session.execute(
                "DELETE FROM tokens WHERE id = $1 AND user_id = $2", [.integer(id), .user(user)])
            guard removed > 0 else { return false }
            try session.record(act, at: moment)
            return true
        }
    }
}

extension Token {
    enum Column: Int, SQLColumn {
        case id, label, kind, createdAt, expiresAt, lastUsedAt

        var sql: String {
            switch self {
            case .id: "id"
            case .label: "label"
            case .kind: "kind"
            case .createdAt: "created_at"
            case .expiresAt: "expires_at"
            case .lastUsedAt: "last_used_at"
            }
        }
    }

    fileprivate init(_ row: SQLRow) throws(ChatError) {
        self.init(
            id: try row.integer(Column.id), label: try row.text(Column.label), kind: try row.choice(Column.kind),
            createdAt: try row.time(Column.createdAt), expiresAt: try row.optionalTime(Column.expiresAt),
            lastUsedAt: try row.optionalTime(Column.lastUsedAt))
    }
}
