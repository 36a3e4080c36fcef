import ChatCore
import ChatWire

extension RemoteChat {
    package func createUser(_ user: NewUser) async throws(ChatError) -> User {
        let wish = UserRequest(
            username: user.username.text, password: user.password, display_name: user.displayName,
            role: user.role.rawValue)
        return try await fetch(UserShape.self, .POST, Target.api("users"), wish).user
    }

    package func users(_ page: ListPage<Username>) async throws(ChatError) -> [User] {
        try await list(UserShape.self, Target.api("users", query: page.query), most: page.most).map(\.user)
    }

    package func user(named name: Username) async throws(ChatError) -> User {
        try await fetch(UserShape.self, .GET, Target.api("users", name.text)).user
    }

    package func updateUser(_ name: Username, _ change: UserChange) async throws(ChatError) -> User {
        let patch = UserPatch(
            display_name: change.displayName, bio: change.bio, password: change.password, disabled: change.disabled,
            role: change.role?.rawValue)
        return try await fetch(UserShape.self, .PATCH, Target.api("users", name.text), patch).user
    }

    package func deleteUser(_ name: Username) async throws(ChatError) {
        try await perform(.DELETE, Target.api("users", name.text))
    }

    package func createToken(
        for name: Username, label: String, life: Duration?
    ) async throws(ChatError) -> IssuedToken {
        let wish = TokenRequest(label: label, life_ms: life?.milliseconds)
        return try await fetch(IssuedTokenShape.self, .POST, Target.api("users", name.text, "tokens"), wish).issued
    }

    package func tokens(of name: Username) async throws(ChatError) -> [Token] {
        try await list(TokenShape.self, Target.api("users", name.text, "tokens")).map(\.value)
    }

    package func revokeToken(_ id: Int64, of name: Username) async throws(ChatError) {
        try await perform(.DELETE, Target.api("users", name.text, "tokens", String(id)))
    }
}
