extension Chat {
    /// Verifies a name and a password and opens a log-in session.
    ///
    /// - Parameter address: where the request came from; attempts are counted per address and per name.
    /// - Throws: `unauthenticated`, `disabled`, `rateLimited`.
    package func logIn(
        _ name: Username, password: String, from address: String
    ) async throws(ChatError) -> (user: User, token: IssuedToken) {
        try await guarded(name, address) { () async throws(ChatError) in
            let user = try await judged(name, password: password, from: address)
            return (user, try await openSession(of: user))
        }
    }

    /// Verifies the password of somebody who is logged in already, before an act that cannot be undone; counted like a
    /// log-in.
    ///
    /// - Throws: `unauthenticated`, `disabled`, `rateLimited`.
    package func confirm(_ user: User, password: String, from address: String) async throws(ChatError) {
        try await guarded(user.username, address) { () async throws(ChatError) in
            _ = try await judged(user.username, password: password, from: address)
        }
    }

    func openSession(of user: User) async throws(ChatError) -> IssuedToken {
        try await issueToken(for: user.id, label: "log-in", kind: .session, life: Limits.sessionLife, act: nil)
    }

    /// Counts an attempt that fails.
    private func guarded<Value: Sendable>(
        _ name: Username, _ address: String, _ attempt: () async throws(ChatError) -> Value
    ) async throws(ChatError) -> Value {
        let keys = ["name:\(name)", "address:\(address)"]
        let moment = clock.now()
        try logins.withLock { guarded throws(ChatError) in try guarded.begin(keys, at: moment) }
        do throws(ChatError) {
            let value = try await attempt()
            logins.withLock { $0.forget(keys, begunAt: moment) }
            return value
        } catch {
            // What the server could not judge says nothing about the client.
            if error.code == .unavailable { logins.withLock { $0.forget(keys, begunAt: moment) } }
            throw error
        }
    }

    private func judged(_ name: Username, password: String, from address: String) async throws(ChatError) -> User {
        let hash = try await store.passwordHash(of: name)
        guard try await secrets.verify(password: password, hash: hash), let user = try await store.user(named: name)
        else {
            observer.observe(.loginFailed(name: name.text, address: address))
            throw ChatError(.unauthenticated, "log-in: the username or the password is wrong")
        }
        guard !user.isDisabled else { throw .accountDisabled(name) }
        return user
    }

    /// Looks up the owner of a token.
    ///
    /// - Throws: `unauthenticated` for an unknown, expired or revoked token, `disabled`.
    package func authenticate(token: String) async throws(ChatError) -> Credential {
        let (digest, now) = (secrets.digest(token: token), clock.now())
        guard let credential = try await store.authenticate(digest: digest, at: now) else {
            throw .endedToken
        }
        guard !credential.user.isDisabled else { throw .accountDisabled(credential.user.username) }
        if credential.lastUsedAt.map({ $0 + Limits.tokenUse <= now }) ?? true {
            tokenUses.withLock { $0.note(credential.tokenID, at: now) }
        }
        return credential
    }

    /// Ends the session of a credential and its live connections.
    package func logOut(_ credential: Credential) async throws(ChatError) {
        _ = try await store.deleteToken(credential.tokenID, of: credential.user.id, at: clock.now(), act: nil)
        await announce([.sessionEnded(credential.user.id, tokenID: credential.tokenID)])
    }

    /// The CSRF token that a page sends with writes in the session `token`; reveals nothing of the session token.
    package func csrfToken(of token: String) -> String { secrets.csrfToken(of: token) }

    /// A secret for the forms of somebody who is not logged in, from which ``csrfToken(of:)`` makes what they carry.
    package func newFormSecret() throws(ChatError) -> String { try secrets.newToken() }

    func issueToken(
        for user: UserID, label: String, kind: TokenKind, life: Duration?, notAfter end: Timestamp? = nil, act: Act?
    ) async throws(ChatError) -> IssuedToken {
        let now = clock.now()
        let expiresAt = [try now.end(ofLife: life, of: "token"), end].compactMap { $0 }.min()
        let secret = try secrets.newToken()
        let token = try await store.insertToken(
            NewToken(
                user: user, digest: secrets.digest(token: secret), label: label, kind: kind, createdAt: now,
                expiresAt: expiresAt), act: act)
        return IssuedToken(token: token, secret: secret)
    }
}
