/// The party on whose behalf a use case runs.
package struct Caller: Sendable {
    /// The user to act as; nil for an operator who named none.
    package let user: User?
    /// True if the caller has direct access to the database, and so the rights of an administrator.
    package let isOperator: Bool
    /// The token that authenticated the caller; nil if none did.
    package let tokenID: Int64?
    /// When that token ends; nil for one that does not.
    package let tokenEnd: Timestamp?

    private init(user: User?, isOperator: Bool, tokenID: Int64?, tokenEnd: Timestamp?) {
        self.user = user
        self.isOperator = isOperator
        self.tokenID = tokenID
        self.tokenEnd = tokenEnd
    }

    /// A caller with direct access to the database, acting as `user` where an author is needed.
    package static func `operator`(as user: User?) -> Caller {
        Caller(user: user, isOperator: true, tokenID: nil, tokenEnd: nil)
    }

    /// A user who was authenticated by a server.
    package static func user(_ user: User, tokenID: Int64? = nil, tokenEnd: Timestamp? = nil) -> Caller {
        Caller(user: user, isOperator: false, tokenID: tokenID, tokenEnd: tokenEnd)
    }

    /// The owner of a token that a server has verified.
    package static func user(of credential: Credential) -> Caller {
        .user(credential.user, tokenID: credential.tokenID, tokenEnd: credential.expiresAt)
    }

    package var isAdministrator: Bool { isOperator || user?.isAdmin == true }

    /// The name recorded in the audit log.
    package var auditName: String { user?.username.text ?? "operator" }

    /// The user to act as.
    ///
    /// - Throws: `usage` when there is none, `disabled` when the account is disabled.
    package func speaker() throws(ChatError) -> User {
        guard let user else {
            throw ChatError(.usage, "no speaker: this acts in a user's name", remedy: .nameSpeaker)
        }
        guard !user.isDisabled else { throw .accountDisabled(user.username) }
        return user
    }

    /// - Throws: `notAllowed` for everyone but administrators.
    package func requireAdministrator(for act: String) throws(ChatError) {
        guard isAdministrator else { throw ChatError(.notAllowed, "\(act): only an administrator may") }
    }
}

extension ChatError {
    package static var endedToken: ChatError {
        ChatError(.unauthenticated, "token: unknown, expired or revoked", remedy: .logIn)
    }

    package static func accountDisabled(_ name: Username) -> ChatError {
        ChatError(.disabled, "user \(name): the account is disabled")
    }
}
