/// Use cases on accounts, in this process or on a server.
package protocol UserService: Sendable {
    func createUser(_ user: NewUser) async throws(ChatError) -> User
    func users(_ page: ListPage<Username>) async throws(ChatError) -> [User]
    func user(named name: Username) async throws(ChatError) -> User
    func updateUser(_ name: Username, _ change: UserChange) async throws(ChatError) -> User
    func deleteUser(_ name: Username) async throws(ChatError)
}

extension UserService {
    /// All accounts.
    package func users() async throws(ChatError) -> [User] { try await users(ListPage()) }
}

/// Use cases on access tokens, in this process or on a server.
package protocol TokenService: Sendable {
    func createToken(for name: Username, label: String, life: Duration?) async throws(ChatError) -> IssuedToken
    func tokens(of name: Username) async throws(ChatError) -> [Token]
    func revokeToken(_ id: Int64, of name: Username) async throws(ChatError)
}
