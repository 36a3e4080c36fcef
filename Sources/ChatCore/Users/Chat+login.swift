extension Chat {
    /// Opens a log-in session for a name and a password.
    ///
    /// - Parameter address: where the request came from; failures are counted for it and for the name.
    /// - Throws: `unauthenticated`, `disabled`, `rateLimited`.
    package func logIn(
        _ name: Username, password: String, from address: String
    ) async throws(ChatError) -> (user: User, token: IssuedToken) {
        let keys = ["name:\(name)", "address:\(address)"]
        let moment = clock.now()
        try logins.withLock { guarded throws(ChatError) in try guarded.check(keys, at: moment) }
        let hash = try await store.passwordHash(of: name)
        guard try await secrets.verify(password: password, hash: hash), let user = try await store.user(named: name)
        else {
            logins.withLock { $0.failed(keys, at: moment) }
            observer.observe(.loginFailed(name: name.text, address: address))
            throw ChatError(.unauthenticated, "log-in: the username or the password is wrong")
        }
        guard !user.isDisabled else { throw .accountDisabled(name) }
        let token = try await issueToken(
            for: user.id, label: "log-in", kind: .session, life: Limits.sessionLife, act: nil)
        return (user, token)
    }

    /// Who a token belongs to.
    ///
    /// - Throws: `unauthenticated` for an unknown, expired or revoked token, `disabled`.
    package func authenticate(token: String) async throws(ChatError) -> Credential {
        let (digest, now) = (secrets.digest(token: token), clock.now())
        guard let credential = try await store.authenticate(digest: digest, at: now) else {
            throw ChatError(.unauthenticated, "token: unknown, expired or revoked", remedy: .logIn)
        }
        guard !credential.user.isDisabled else { throw .accountDisabled(credential.user.username) }
        if credential.lastUsedAt.map({ $0 + Limits.tokenUse <= now }) ?? true {
            tokenUses.withLock { $0.note(credential.tokenID, at: now) }
        }
        return credential
    }

    /// Ends the session a credential stands for, with its live connections.
    package func logOut(_ credential: Credential) async throws(ChatError) {
        _ = try await store.deleteToken(credential.tokenID, of: credential.user.id, act: nil)
        await announce([.sessionEnded(credential.user.id, tokenID: credential.tokenID)])
    }

    /// What a page of the session `token` proves itself with on writes; tells nothing of the token.
    package func csrfToken(of token: String) -> String { secrets.csrfToken(of: token) }

    func issueToken(
        for user: UserID, label: String, kind: TokenKind, life: Duration?, act: Act?
    ) async throws(ChatError) -> IssuedToken {
        let now = clock.now()
        let expiresAt = try now.end(ofLife: life, of: "token")
        let secret = try secrets.newToken()
        let token = try await store.insertToken(
            NewToken(
                user: user, digest: secrets.digest(token: secret), label: label, kind: kind, createdAt: now,
                expiresAt: expiresAt), act: act)
        return IssuedToken(token: token, secret: secret)
    }
}
