/// The purpose of a token: a person's log-in or a program's access.
package enum TokenKind: String, Sendable {
    case session
    case access
}

/// A token as stored: without the secret or its hash.
package struct Token: Equatable, Sendable {
    package let id: Int64
    package let label: String
    package let kind: TokenKind
    package let createdAt: Timestamp
    package let expiresAt: Timestamp?
    package let lastUsedAt: Timestamp?

    package init(
        id: Int64, label: String, kind: TokenKind, createdAt: Timestamp, expiresAt: Timestamp?, lastUsedAt: Timestamp?
    ) {
        self.id = id
        self.label = label
        self.kind = kind
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}

/// A new token with its secret, which is never available again.
package struct IssuedToken: Sendable {
    package let token: Token
    package let secret: String

    package init(token: Token, secret: String) {
        self.token = token
        self.secret = secret
    }
}

/// Creates and verifies secrets. Hashing takes tens of milliseconds and must not run on event loops.
package protocol SecretKeeper: Sendable {
    /// Returns a salted, slow hash of `password` as text that includes its parameters.
    func hash(password: String) async throws(ChatError) -> String

    /// Returns true if `hash` was made from `password`. A nil hash takes as long and returns false, so that timing does
    /// not reveal whether an account exists.
    func verify(password: String, hash: String?) async throws(ChatError) -> Bool

    /// Returns a new secret with 256 random bits, safe in headers and URLs.
    func newToken() throws(ChatError) -> String

    /// The hash that is stored in place of a token. A fast hash suffices because tokens cannot be guessed.
    func digest(token: String) -> [UInt8]

    /// The CSRF token that a page sends with writes in the session `token`; reveals nothing of the session token.
    func csrfToken(of token: String) -> String
}

/// The reason why a user may no longer be connected.
package enum SessionLoss: Sendable {
    /// The token has expired or was revoked.
    case ended
    /// The account is disabled or was deleted.
    case disabled
}
