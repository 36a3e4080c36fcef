/// On whose behalf a use case runs.
package struct Caller: Sendable {
    /// Who speaks; nil for an operator who did not say.
    package let user: User?
    /// Whether the caller opened the database directly and so is an administrator.
    package let isOperator: Bool
    /// The token that proved who calls, when one did.
    package let tokenID: Int64?

    private init(user: User?, isOperator: Bool, tokenID: Int64?) {
        self.user = user
        self.isOperator = isOperator
        self.tokenID = tokenID
    }

    /// Someone with the database in hand, speaking as `user` where a speaker is needed.
    package static func `operator`(as user: User?) -> Caller {
        Caller(user: user, isOperator: true, tokenID: nil)
    }

    /// A user of a server.
    package static func user(_ user: User, tokenID: Int64? = nil) -> Caller {
        Caller(user: user, isOperator: false, tokenID: tokenID)
    }

    package var isAdministrator: Bool { isOperator || user?.isAdmin == true }

    /// The name that stands in the audit log.
    package var auditName: String { user?.username.text ?? "operator" }

    /// - Throws: `usage` when nobody was named.
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
    package static func accountDisabled(_ name: Username) -> ChatError {
        ChatError(.disabled, "user \(name): the account is disabled")
    }
}
