extension LocalChat: UserService {
    package func createUser(_ user: NewUser) async throws(ChatError) -> User {
        try caller.requireAdministrator(for: "creating a user")
        var hash: String?
        if let password = user.password { hash = try await chat.secrets.hash(password: password) }
        return try await store.insertUser(
            user, passwordHash: hash, at: now(), act: Act("user.create", by: caller, on: user.username.text))
    }

    package func users(_ page: ListPage<Username>) async throws(ChatError) -> [User] {
        try caller.requireAdministrator(for: "listing the users")
        return try await store.users(page)
    }

    package func user(named name: Username) async throws(ChatError) -> User {
        try await existingUser(name)
    }

    /// Creates the account that `make` describes if there is no enabled administrator yet; for whoever sets up a server.
    ///
    /// - Returns: the new administrator; nil if there is one already.
    /// - Throws: what `make` throws; `alreadyExists` if the name belongs to somebody who is no administrator.
    package func createFirstAdministrator(
        _ make: @Sendable () throws(ChatError) -> NewUser
    ) async throws(ChatError) -> User? {
        guard try await !store.hasAdministrator() else { return nil }
        let new = try make()
        do throws(ChatError) {
            return try await createUser(new)
        } catch  where error.code == .alreadyExists {
            // Another server that starts at the same time was first.
            if try await store.hasAdministrator() { return nil }
            throw ChatError(
                .alreadyExists, "user \(new.username): exists already, and is no enabled administrator",
                remedy: .promote(new.username))
        }
    }

    /// Users may change their own profile and password; roles and disabling are for administrators.
    package func updateUser(_ name: Username, _ change: UserChange) async throws(ChatError) -> User {
        if change.disabled != nil || change.role != nil || caller.user?.username != name {
            try caller.requireAdministrator(for: "changing user \(name)")
        }
        try spend(.change)
        let user = try await existingUser(name)
        var stored = StoredUserChange(
            displayName: change.displayName, bio: change.bio, disabled: change.disabled, role: change.role)
        if let password = change.password {
            try spend(.password)
            stored.passwordHash = try await chat.secrets.hash(password: password)
        }
        var events: [Event] = []
        if change.disabled == true { events.append(.disabled(user.id)) }
        if change.password != nil { events.append(.sessionEnded(user.id, tokenID: nil)) }
        if let role = change.role, role != user.role { events.append(.roleChanged(user.id)) }
        let act = Act(
            "user.\(Self.verb(of: change))", by: caller, on: name.text, detail: change.role?.rawValue ?? "",
            events: events)
        let updated = try await store.updateUser(user.id, stored, at: now(), act: act)
        await chat.show(act)
        return updated
    }

    package func deleteUser(_ name: Username) async throws(ChatError) {
        try caller.requireAdministrator(for: "deleting a user")
        let user = try await existingUser(name)
        let act = Act("user.delete", by: caller, on: name.text, events: [.disabled(user.id)])
        try await store.deleteUser(user.id, at: now(), act: act)
        await chat.show(act)
    }

    /// Deletes the caller's own account.
    ///
    /// - Parameters:
    ///   - password: proves that it is the owner who asks.
    ///   - address: where the request came from.
    /// - Throws: `unauthenticated` for a wrong password, `rateLimited`.
    package func deleteOwnAccount(password: String, from address: String) async throws(ChatError) {
        let user = try caller.speaker()
        try await chat.confirm(user, password: password, from: address)
        let act = Act("user.delete", by: caller, on: user.username.text, events: [.disabled(user.id)])
        try await store.deleteUser(user.id, at: now(), act: act)
        await chat.show(act)
    }

    /// Changes the caller's own password, which ends all their sessions, and opens a new one.
    ///
    /// - Throws: `unauthenticated` for a wrong present password, `invalidInput` for the new one, `rateLimited`.
    package func changeOwnPassword(
        from present: String, to new: String, address: String
    ) async throws(ChatError) -> IssuedToken {
        let user = try caller.speaker()
        let change = try UserChange(password: new)
        try await chat.confirm(user, password: present, from: address)
        return try await chat.openSession(of: updateUser(user.username, change))
    }

    private static func verb(of change: UserChange) -> String {
        if change.role != nil { return "role" }
        if change.password != nil { return "password" }
        return change.disabled.map { $0 ? "disable" : "enable" } ?? "update"
    }
}

extension LocalChat: TokenService {
    package func createToken(
        for name: Username, label: String, life: Duration?
    ) async throws(ChatError) -> IssuedToken {
        let user = try await tokenOwner(name)
        guard !user.isDisabled else { throw .accountDisabled(name) }
        let label = try FreeText.validated(label, field: "label", longest: Limits.labelCharacters)
        try spend(.token)
        if !caller.isOperator, try await store.tokens(of: user.id).count >= Limits.tokensPerUser {
            throw ChatError(
                .notAllowed, "user \(name): has \(Limits.tokensPerUser) tokens already", remedy: .listTokens(of: name))
        }
        return try await chat.issueToken(
            for: user.id, label: label, kind: .access, life: life, notAfter: caller.tokenEnd,
            act: Act("token.create", by: caller, on: name.text, detail: label))
    }

    package func tokens(of name: Username) async throws(ChatError) -> [Token] {
        try await tokens(of: name, ListPage())
    }

    package func tokens(of name: Username, _ page: ListPage<Int64>) async throws(ChatError) -> [Token] {
        try await store.tokens(of: tokenOwner(name).id, page)
    }

    package func revokeToken(_ id: Int64, of name: Username) async throws(ChatError) {
        let user = try await tokenOwner(name)
        let act = Act(
            "token.revoke", by: caller, on: name.text, detail: String(id),
            events: [.sessionEnded(user.id, tokenID: id)])
        guard try await store.deleteToken(id, of: user.id, at: now(), act: act) else {
            throw ChatError(
                .tokenNotFound, "token \(id): user \(name) has no such token", remedy: .listTokens(of: name))
        }
        await chat.show(act)
    }

    /// Requires that the caller is the owner of the tokens or an administrator.
    private func tokenOwner(_ name: Username) async throws(ChatError) -> User {
        if caller.user?.username != name { try caller.requireAdministrator(for: "tokens of user \(name)") }
        return try await existingUser(name)
    }
}
