import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes
import Hummingbird

/// Log-in, users and tokens.
struct AccountRoutes {
    let chat: Chat
    let usesTLS: Bool
    let proxies: TrustedProxies

    /// Log-in is the one route outside authentication: it must work even with the cookie of an ended session.
    func addLogin(to group: RouterGroup<HTTPContext>) {
        group.post("login", use: logIn)
    }

    func add(to group: RouterGroup<HTTPContext>) {
        group.post("logout", use: logOut)
        group.get("me") { _, context in
            let user = try context.requireCredential().user
            return Response.json { $0.user(user) }
        }
        group.get("users") { _, context in
            let users = try await service(context).users()
            return Response.json { $0.array(users) { $0.user($1) } }
        }
        group.post("users", use: createUser)
        group.get("users/:user") { _, context in
            let user = try await service(context).user(named: context.username())
            return Response.json { $0.user(user) }
        }
        group.patch("users/:user") { request, context in
            let patch = try await request.shape(UserPatch.self)
            let change = try UserChange(
                displayName: patch.display_name, bio: patch.bio, password: patch.password, disabled: patch.disabled,
                role: patch.role.map { try Self.role($0) })
            let user = try await service(context).updateUser(context.username(), change)
            return Response.json { $0.user(user) }
        }
        group.delete("users/:user") { _, context in
            try await service(context).deleteUser(context.username())
            return Response.noContent
        }
        addTokens(to: group)
    }

    private func addTokens(to group: RouterGroup<HTTPContext>) {
        group.get("users/:user/tokens") { _, context in
            let tokens = try await service(context).tokens(of: context.username())
            return Response.json { $0.array(tokens) { $0.token($1) } }
        }
        group.post("users/:user/tokens") { request, context in
            let wish = try await request.shape(TokenRequest.self)
            let issued = try await service(context).createToken(
                for: context.username(), label: wish.label ?? "", life: wish.life_ms.map { .milliseconds($0) })
            return Response.json(.created) { $0.issuedToken(issued) }
        }
        group.delete("users/:user/tokens/:id") { _, context in
            try await service(context).revokeToken(context.number("id"), of: context.username())
            return Response.noContent
        }
    }

    @Sendable private func logIn(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let wish = try await request.shape(LoginRequest.self)
        let name: Username
        do throws(ChatError) { name = try Username(wish.username) } catch {
            throw ChatError(.unauthenticated, "log-in: the username or the password is wrong")
        }
        let address = proxies.client(
            of: context.remoteAddress, forwardedFor: request.headers[values: .xForwardedFor])
        let (user, issued) = try await chat.logIn(name, password: wish.password, from: address)
        var response = Response.json { json in
            json.object { json in
                json.field("token", issued.secret)
                json.field("expires_at", issued.token.expiresAt)
                json.field("csrf_token", chat.csrfToken(of: issued.secret))
                json.key("user")
                json.user(user)
            }
        }
        // A page of another origin can send a form or plain text without being asked, and JSON only where it is allowed to:
        // it must not log its visitors in as somebody.
        if request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true {
            response.headers[.setCookie] = cookie(issued.secret, seconds: Limits.sessionLife.components.seconds)
        }
        return response
    }

    @Sendable private func logOut(_ request: Request, _ context: HTTPContext) async throws -> Response {
        try await chat.logOut(context.requireCredential())
        var response = Response.noContent
        response.headers[.setCookie] = cookie("", seconds: 0)
        return response
    }

    @Sendable private func createUser(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let wish = try await request.shape(UserRequest.self)
        let role = try Self.role(wish.role ?? "user")
        let new = try NewUser(
            username: Username(wish.username), displayName: wish.display_name, role: role, password: wish.password)
        let user = try await service(context).createUser(new)
        return Response.json(.created) { $0.user(user) }
    }

    private static func role(_ text: String) throws(ChatError) -> SiteRole {
        guard let role = SiteRole(rawValue: text) else {
            throw ChatError(.invalidInput, "role: not admin or user", fields: ["role": ["Use admin or user."]])
        }
        return role
    }

    private func cookie(_ value: String, seconds: Int64) -> String {
        "\(Proof.cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax" + (usesTLS ? "; Secure" : "")
    }

    private func service(_ context: HTTPContext) throws -> LocalChat {
        try chat.service(of: context)
    }
}
