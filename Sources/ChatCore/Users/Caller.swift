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
    /// The operator's name outside of this installation.
    private let operatorName: String

    private init(
        user: User?, isOperator: Bool, tokenID: Int64?, tokenEnd: Timestamp?, operatorName: String = Caller.unnamed
    ) {
        self.user = user
        self.isOperator = isOperator
        self.tokenID = tokenID
        self.tokenEnd = tokenEnd
        self.operatorName = operatorName
    }

    /// What an operator is called whose name is not known.
    package static let unnamed = "operator"

    /// A caller with direct access to the database, acting as `user` where an author is needed.
    ///
    /// - Parameter name: the name on the machine, which the audit log gives to acts without a user.
    package static func `operator`(as user: User?, named name: String = unnamed) -> Caller {
        Caller(user: user, isOperator: true, tokenID: nil, tokenEnd: nil, operatorName: name)
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
    package var auditName: String { user?.username.text ?? operatorName }

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
