/// What a token was made for: a person's log-in or a program's access.
package enum TokenKind: String, Sendable {
    case session
    case access
}

/// A credential as the database knows it: never the secret, only its hash.
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

/// A token at the one moment its secret is known.
package struct IssuedToken: Sendable {
    package let token: Token
    package let secret: String

    package init(token: Token, secret: String) {
        self.token = token
        self.secret = secret
    }
}

/// Makes and checks secrets; the implementation may take tens of milliseconds and runs off the event loops.
package protocol SecretKeeper: Sendable {
    /// A salted, slow hash of `password` in a text form that names its parameters.
    func hash(password: String) async throws(ChatError) -> String

    /// Whether `password` is the one `hash` was made of. With a nil hash it takes as long and answers false,
    /// so that time does not tell whether an account exists.
    func verify(password: String, hash: String?) async throws(ChatError) -> Bool

    /// A new secret with 256 random bits, safe in a header and a URL.
    func newToken() throws(ChatError) -> String

    /// What is stored in place of a token: a fast hash suffices, the token cannot be guessed.
    func digest(token: String) -> [UInt8]

    /// What a page of the session `token` proves itself with on writes; tells nothing of the token.
    func csrfToken(of token: String) -> String
}
