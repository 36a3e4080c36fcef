/// Who may make an account of their own.
package enum SignUpPolicy: String, Sendable, CaseIterable {
    /// Everybody who reaches the server.
    case open
    /// Those who have an invitation.
    case closed
}

extension Chat {
    /// Makes the account of somebody who has none, and opens a session.
    ///
    /// - Parameters:
    ///   - code: of an invitation, or of the first run; nil for none.
    ///   - address: where the request came from; attempts are counted by it, also those that succeed.
    /// - Throws: `notAllowed` without a code where sign-up is closed, `notFound` for a code that is not valid (any more),
    ///   `alreadyExists`, `rateLimited`.
    package func signUp(
        _ user: NewUser, code: String?, policy: SignUpPolicy, from address: String
    ) async throws(ChatError) -> (user: User, token: IssuedToken) {
        if code == nil, policy == .closed {
            throw ChatError(.notAllowed, "sign-up: it is closed", hint: "ask an administrator for an invitation")
        }
        guard user.password != nil, user.role == .user else {
            throw ChatError(.invalidInput, "sign-up: a password is needed", fields: ["password": ["Choose one."]])
        }
        try countSignUp(from: address)
        let made: User
        if let code, isFirstRun(code) {
            made = try await makeFirstAccount(user, code)
        } else {
            let hash = try await secrets.hash(password: user.password ?? "")
            let act = Act(
                "user.signup", by: .operator(as: nil, named: user.username.text), on: user.username.text)
            if let code {
                made = try await store.redeemInvitation(
                    digest: secrets.digest(token: code), user, passwordHash: hash, at: clock.now(), act: act)
            } else {
                made = try await store.insertUser(user, passwordHash: hash, at: clock.now(), act: act)
            }
        }
        return (made, try await openSession(of: made))
    }

    /// True if somebody could sign up with this code now.
    package func isValid(code: String) async throws(ChatError) -> Bool {
        if isFirstRun(code) { return true }
        return try await store.isOpen(invitation: secrets.digest(token: code), at: clock.now())
    }

    // MARK: The first run

    /// A code for whoever sets up this server: with it the first account can be made, an administrator's. It is kept in
    /// this process alone and counts once.
    ///
    /// - Returns: nil if there is an administrator already.
    package func firstRunCode() async throws(ChatError) -> String? {
        guard try await !store.hasAdministrator() else { return nil }
        let code = try secrets.newToken()
        let digest = secrets.digest(token: code)
        firstRun.withLock { $0 = digest }
        return code
    }

    /// True if this is the code of the first run, which was not used yet.
    package func isFirstRun(_ code: String) -> Bool {
        let digest = secrets.digest(token: code)
        return firstRun.withLock { $0 == digest }
    }

    private func makeFirstAccount(_ user: NewUser, _ code: String) async throws(ChatError) -> User {
        let digest = secrets.digest(token: code)
        // Of two who come at once, one has it.
        let isOurs = firstRun.withLock { known in
            guard known == digest else { return false }
            known = nil
            return true
        }
        guard isOurs else { throw .noInvitation }
        do throws(ChatError) {
            let new = try NewUser(
                username: user.username, displayName: user.displayName, role: .admin, password: user.password)
            let made = try await service(for: .operator(as: nil, named: user.username.text))
                .createFirstAdministrator { () throws(ChatError) in new }
            guard let made else { throw ChatError.noInvitation }
            return made
        } catch {
            if error.code != .notFound { firstRun.withLock { $0 = digest } }
            throw error
        }
    }

    private func countSignUp(from address: String) throws(ChatError) {
        let moment = clock.now()
        try signUps.withLock { guarded throws(ChatError) in try guarded.begin(["address:\(address)"], at: moment) }
    }
}

extension ChatError {
    /// The one answer for every code that does not count, so that none can be told from another.
    package static var noInvitation: ChatError {
        ChatError(.notFound, "invitation: unknown, used up, revoked or expired", hint: "ask for a new one")
    }
}
