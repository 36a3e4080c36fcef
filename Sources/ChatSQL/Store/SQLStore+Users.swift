import ChatCore

extension SQLStore: UserStore {
    package func insertUser(
        _ user: NewUser, passwordHash: String?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> User {
        try await perform(act, at: moment) { session throws(ChatError) in
            try Self.insert(user, passwordHash: passwordHash, at: moment, act: act, in: session)
        }
    }

    /// - Throws: `alreadyExists`.
    static func insert(
        _ user: NewUser, passwordHash: String?, at moment: Timestamp, act: Act, in session: any SQLSession
    ) throws(ChatError) -> User {
        let rows = try session.query(
            """
            INSERT INTO users (username, display_name, bio, password_hash, role, created_at)
            VALUES ($1, $2, '', $3, $4, $5) ON CONFLICT (username) DO NOTHING RETURNING \(User.Column.list())
            """,
            [
                .text(user.username.text), .text(user.displayName), .text(passwordHash),
                .text(user.role.rawValue), .time(moment),
            ])
        guard let row = rows.first else {
            throw ChatError(.alreadyExists, "user \(user.username): already exists")
        }
        try session.record(act, at: moment)
        return try User(row)
    }

    package func user(named name: Username) async throws(ChatError) -> User? {
        try await driver.read { session throws(ChatError) in
            try session.query(
                "SELECT \(User.Column.list()) FROM users WHERE username = $1 AND deleted_at IS NULL", [.text(name.text)]
            ).first.map { row throws(ChatError) in try User(row) }
        }
    }

    package func users(_ page: ListPage<Username>) async throws(ChatError) -> [User] {
        try await driver.read { session throws(ChatError) in
            var arguments: [SQLValue] = []
            let part = SQL.part(page.after.map { .text($0.text) }, page.most, of: "username", &arguments)
            return try session.query(
                "SELECT \(User.Column.list()) FROM users WHERE deleted_at IS NULL \(part)", arguments
            ).map { row throws(ChatError) in try User(row) }
        }
    }

    package func hasAdministrator() async throws(ChatError) -> Bool {
        try await driver.read { session throws(ChatError) in
            try session.query("SELECT id FROM users WHERE \(Self.isEnabledAdministrator) LIMIT 1", []).first != nil
        }
    }

    package func passwordHash(of name: Username) async throws(ChatError) -> String? {
        try await driver.read { session throws(ChatError) in
            try session.query(
                "SELECT password_hash FROM users WHERE username = $1 AND deleted_at IS NULL", [.text(name.text)]
            ).first?.optionalText(0)
        }
    }

    package func updateUser(
        _ id: UserID, _ change: StoredUserChange, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> User {
        try await perform(act, at: moment) { [dialect = driver.dialect] session throws(ChatError) in
            if change.role == .user || change.disabled == true {
                try Self.requireAnotherAdministrator(than: id, dialect, session)
            }
            let rows = try session.query(
                """
                UPDATE users SET display_name = COALESCE($1, display_name), bio = COALESCE($2, bio),
                    password_hash = COALESCE($3, password_hash),
                    disabled_at = CASE CAST($4 AS BIGINT) WHEN 1 THEN COALESCE(disabled_at, CAST($5 AS BIGINT))
                        WHEN 0 THEN NULL ELSE disabled_at END,
                    role = COALESCE($6, role)
                WHERE id = $7 AND deleted_at IS NULL RETURNING \(User.Column.list())
                """,
                [
                    .text(change.displayName), .text(change.bio), .text(change.passwordHash),
                    .flag(change.disabled), .time(moment), .text(change.role?.rawValue), .user(id),
                ])
            guard let row = rows.first else { throw .goneUser }
            if change.passwordHash != nil {
                try session.execute("DELETE FROM tokens WHERE user_id = $1 AND kind = 'session'", [.user(id)])
            }
            try session.record(act, at: moment)
            return try User(row)
        }
    }

    package func deleteUser(_ id: UserID, at moment: Timestamp, act: Act) async throws(ChatError) {
        try await perform(act, at: moment) { [dialect = driver.dialect] session throws(ChatError) in
            try Self.requireAnotherAdministrator(than: id, dialect, session)
            let changed = try session.execute(
                """
                UPDATE users SET username = $1, display_name = 'Deleted user', bio = '', password_hash = NULL,
                    role = 'user', disabled_at = COALESCE(disabled_at, CAST($2 AS BIGINT)),
                    deleted_at = CAST($2 AS BIGINT)
                WHERE id = $3 AND deleted_at IS NULL
                """,
                [.text(try Self.neutralName(for: id, in: session)), .time(moment), .user(id)])
            guard changed == 1 else { throw .goneUser }
            for table in ["tokens", "memberships", "restrictions", "presence", "avatars"] {
                try session.execute("DELETE FROM \(table) WHERE user_id = $1", [.user(id)])
            }
            try session.record(act, at: moment)
        }
    }

    private static let isEnabledAdministrator = "role = 'admin' AND disabled_at IS NULL AND deleted_at IS NULL"

    /// Locks the administrators' rows, so that two transactions cannot each count on the administrator that the other one
    /// takes away.
    ///
    /// - Throws: `notAllowed` if `user` is the only enabled administrator.
    private static func requireAnotherAdministrator(
        than user: UserID, _ dialect: SQLDialect, _ session: any SQLSession
    ) throws(ChatError) {
        let rows = try session.query(
            "SELECT id, username FROM users WHERE \(isEnabledAdministrator) ORDER BY id \(dialect.rowLock)", [])
        guard rows.count == 1, let row = rows.first, try row.integer(0) == user.value else { return }
        throw ChatError(
            .notAllowed, "user \(try row.text(1)): there would be no administrator left", remedy: .appointAdministrator)
    }

    /// `deleted-7` for the account 7, or the first free name of that form: somebody may have chosen the first one.
    private static func neutralName(for id: UserID, in session: any SQLSession) throws(ChatError) -> String {
        var name = "deleted-\(id.value)"
        var attempt = 1
        while !(try session.query("SELECT id FROM users WHERE username = $1", [.text(name)])).isEmpty {
            attempt += 1
            name = "deleted-\(id.value).\(attempt)"
        }
        return name
    }
}

extension User {
    enum Column: Int, SQLColumn {
        case id, username, displayName, bio, role, disabledAt, createdAt

        var sql: String {
            switch self {
            case .id: "id"
            case .username: "username"
            case .displayName: "display_name"
            case .bio: "bio"
            case .role: "role"
            case .disabledAt: "disabled_at"
            case .createdAt: "created_at"
            }
        }
    }

    init(_ row: SQLRow) throws(ChatError) {
        self.init(
            id: UserID(try row.integer(Column.id)), username: Username(stored: try row.text(Column.username)),
            displayName: try row.text(Column.displayName), bio: try row.text(Column.bio),
            role: try row.choice(Column.role), disabledAt: try row.optionalTime(Column.disabledAt),
            createdAt: try row.time(Column.createdAt))
    }
}
