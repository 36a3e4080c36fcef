import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes
import Hummingbird

/// Log-in, users and tokens.
struct AccountRoutes {
    let chat: Chat
    let cookie: SessionCookie
    let proxies: TrustedProxies

    var routes: [Route] { session + users + tokens }

    private var session: [Route] {
        [
            // Outside authentication: it must work even with the cookie of an ended session.
            Route(
                .post, "/api/v1/login", "Exchanges a name and a password for a session", access: .anyone,
                body: LoginRequest.self, answers: [.ok("The session's token; also the session cookie.", .login)],
                respond: logIn),
            Route(.post, "/api/v1/logout", "Ends the session and its connections", answers: [.done], respond: logOut),
            Route(.get, "/api/v1/me", "Shows the caller", answers: [.ok("The caller.", .user)]) { call in
                let user = try call.context.requireCredential().user
                return Response.json { $0.user(user) }
            },
        ]
    }

    private var users: [Route] {
        [
            Route(
                .get, "/api/v1/users", "Lists the users, for administrators", query: [.pageLimit, .afterUser],
                answers: [.page("A page of users, by name.", of: .user)]
            ) { call in
                let users = try await service(call).users(call.userPage())
                return call.page(users, limit: call.pageLimit, key: \.username.text) { $0.user($1) }
            },
            Route(
                .post, "/api/v1/users", "Creates a user, for administrators", body: UserRequest.self,
                answers: [.created("The user.", .user)], respond: createUser),
            Route(.get, "/api/v1/users/{user}", "Shows a user", answers: [.ok("The user.", .user)]) { call in
                let user = try await service(call).user(named: call.context.username())
                return Response.json { $0.user(user) }
            },
            Route(
                .patch, "/api/v1/users/{user}", "Changes a user", body: UserPatch.self,
                answers: [.ok("The changed user.", .user)]
            ) { call, patch in
                let change = try UserChange(
                    displayName: patch.display_name, bio: patch.bio, password: patch.password, disabled: patch.disabled,
                    role: patch.role.flatMap(SiteRole.init))
                let user = try await service(call).updateUser(call.context.username(), change)
                return Response.json { $0.user(user) }
            },
            Route(.delete, "/api/v1/users/{user}", "Deletes a user, for administrators", answers: [.done]) { call in
                try await service(call).deleteUser(call.context.username())
                return Response.noContent
            },
        ]
    }

    private var tokens: [Route] {
        [
            Route(
                .get, "/api/v1/users/{user}/tokens", "Lists a user's tokens, without their secrets",
                query: [.pageLimit, .afterID], answers: [.page("A page of tokens, by id.", of: .token)]
            ) { call in
                let page = ListPage(after: call.query.number("after"), most: call.pageLimit + 1)
                let tokens = try await service(call).tokens(of: call.context.username(), page)
                return call.page(tokens, limit: call.pageLimit, key: { String($0.id) }) { $0.token($1) }
            },
            Route(
                .post, "/api/v1/users/{user}/tokens", "Creates an access token", body: TokenRequest.self,
                answers: [.created("The token with its secret, which is shown once.", .issuedToken)]
            ) { call, wish in
                let issued = try await service(call).createToken(
                    for: call.context.username(), label: wish.label ?? "",
                    life: wish.life_ms.map { .milliseconds($0) })
                return Response.json(.created) { $0.issuedToken(issued) }
            },
            Route(.delete, "/api/v1/users/{user}/tokens/{id}", "Revokes a token", answers: [.done]) { call in
                try await service(call).revokeToken(call.context.number("id"), of: call.context.username())
                return Response.noContent
            },
        ]
    }

    @Sendable private func logIn(_ call: Call, _ wish: LoginRequest) async throws -> Response {
        let name: Username
        do throws(ChatError) { name = try Username(wish.username) } catch {
            throw ChatError(.unauthenticated, "log-in: the username or the password is wrong")
        }
        let address = proxies.client(
            of: call.context.remoteAddress, forwardedFor: call.request.headers[values: .xForwardedFor])
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
        if call.request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true {
            response.headers[.setCookie] = cookie.header(issued.secret, seconds: Limits.sessionLife.components.seconds)
        }
        return response
    }

    @Sendable private func logOut(_ call: Call) async throws -> Response {
        try await chat.logOut(call.context.requireCredential())
        var response = Response.noContent
        response.headers[.setCookie] = cookie.header("", seconds: 0)
        return response
    }

    @Sendable private func createUser(_ call: Call, _ wish: UserRequest) async throws -> Response {
        let new = try NewUser(
            username: Username(wish.username), displayName: wish.display_name,
            role: wish.role.flatMap(SiteRole.init) ?? .user, password: wish.password)
        let user = try await service(call).createUser(new)
        return Response.json(.created) { $0.user(user) }
    }

    private func service(_ call: Call) throws -> LocalChat {
        try chat.service(of: call.context)
    }
}
