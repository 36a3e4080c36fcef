/// Stores accounts.
package protocol UserStore: Sendable {
    /// Adds an account.
    ///
    /// - Throws: `alreadyExists`.
    func insertUser(_ user: NewUser, passwordHash: String?, at: Timestamp, act: Act) async throws(ChatError) -> User
    func user(named name: Username) async throws(ChatError) -> User?
    /// Returns the accounts that were not deleted, sorted by username.
    func users(_ page: ListPage<Username>) async throws(ChatError) -> [User]
    /// Returns the stored hash; nil if the account has no password or does not exist.
    func passwordHash(of name: Username) async throws(ChatError) -> String?
    /// True if there is an administrator whose account is not disabled.
    func hasAdministrator() async throws(ChatError) -> Bool
    /// Applies `change` and returns the updated account. A new password ends all log-in sessions.
    ///
    /// - Throws: `notAllowed` if no enabled administrator would be left.
    func updateUser(_ id: UserID, _ change: StoredUserChange, at: Timestamp, act: Act) async throws(ChatError) -> User
    /// Deletes the account's name, credentials and memberships; its messages stay, under a neutral name.
    ///
    /// - Throws: `notAllowed` if no enabled administrator would be left.
    func deleteUser(_ id: UserID, at: Timestamp, act: Act) async throws(ChatError)
}

extension UserStore {
    package func users() async throws(ChatError) -> [User] { try await users(ListPage()) }
}

/// The columns an account update writes; nil leaves a column unchanged.
package struct StoredUserChange: Sendable {
    package var displayName: String?
    package var bio: String?
    package var passwordHash: String?
    package var disabled: Bool?
    package var role: SiteRole?

    package init(
        displayName: String? = nil, bio: String? = nil, passwordHash: String? = nil, disabled: Bool? = nil,
        role: SiteRole? = nil
    ) {
        self.displayName = displayName
        self.bio = bio
        self.passwordHash = passwordHash
        self.disabled = disabled
        self.role = role
    }
}

/// Stores access tokens and log-in sessions.
package protocol TokenStore: Sendable {
    func insertToken(_ token: NewToken, act: Act?) async throws(ChatError) -> Token
    /// Returns the owner of a token that is neither expired nor revoked.
    func authenticate(digest: [UInt8], at: Timestamp) async throws(ChatError) -> Credential?
    /// Records when tokens were last used; tokens that no longer exist are ignored.
    func noteUses(_ uses: [Int64: Timestamp]) async throws(ChatError)
    /// Returns true if a token is neither expired nor revoked and its user may log in.
    func isLive(token: Int64, at: Timestamp) async throws(ChatError) -> Bool
    /// Returns a user's tokens, sorted by id.
    func tokens(of user: UserID, _ page: ListPage<Int64>) async throws(ChatError) -> [Token]
    /// Returns true if the token existed.
    func deleteToken(_ id: Int64, of user: UserID, at: Timestamp, act: Act?) async throws(ChatError) -> Bool
}

extension TokenStore {
    package func tokens(of user: UserID) async throws(ChatError) -> [Token] { try await tokens(of: user, ListPage()) }
}

/// A token to be stored.
package struct NewToken: Sendable {
    package let user: UserID
    package let digest: [UInt8]
    package let label: String
    package let kind: TokenKind
    package let createdAt: Timestamp
    package let expiresAt: Timestamp?

    package init(
        user: UserID, digest: [UInt8], label: String, kind: TokenKind, createdAt: Timestamp, expiresAt: Timestamp?
    ) {
        self.user = user
        self.digest = digest
        self.label = label
        self.kind = kind
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A token's owner and properties, after authentication.
package struct Credential: Sendable {
    package let user: User
    package let tokenID: Int64
    package let kind: TokenKind
    package let expiresAt: Timestamp?
    package let lastUsedAt: Timestamp?

    package init(user: User, tokenID: Int64, kind: TokenKind, expiresAt: Timestamp?, lastUsedAt: Timestamp?) {
        self.user = user
        self.tokenID = tokenID
        self.kind = kind
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}
