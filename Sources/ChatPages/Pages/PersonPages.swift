import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird
import NIOCore

/// What people show of themselves to others.
struct PersonPages: Sendable {
    let pages: Pages

    var routes: [Route] {
        [
            pages.page("/@{user}") { call, visitor in
                let user = try await pages.service(visitor).user(named: call.context.username())
                let values: PageValues = [
                    "person": .text(user.username.text), "personName": .text(user.displayName),
                    "bio": .filled(user.bio), "avatar": .text(Self.avatar(of: user.username)),
                    "isSelf": .flag(user.id == visitor.user.id), "isDisabled": .flag(user.isDisabled),
                    "isAdministrator": .flag(user.isAdmin), "since": .text(String(user.createdAt.rfc3339.prefix(10))),
                    "canChat": .flag(user.id != visitor.user.id && !user.isDisabled),
                ]
                return try pages.page("person", user.displayName, visitor, values)
            },
            pages.route(.get, "/avatars/{user}", picture),
        ]
    }

    /// A picture that somebody gave is a file of a stranger: it is served as nothing but a picture, and as a page of its own
    /// it could load nothing and run nothing.
    @Sendable private func picture(_ call: Call) async throws -> Response {
        let name = try call.context.username()
        guard let visitor = try await call.visitor(pages.chat, pages.cookie) else { throw ChatError.endedToken }
        var headers = PageHeaders.common
        headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        headers[.cacheControl] = "private, max-age=60"
        let body: ByteBuffer
        if let given = try await pages.service(visitor).avatar(of: name) {
            headers[.contentType] = given.kind.rawValue
            body = ByteBuffer(bytes: given.bytes)
        } else {
            headers[.contentType] = "image/svg+xml"
            body = ByteBuffer(string: GeneratedAvatar(name).svg)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
    }

    /// The address of a user's picture, as messages have it.
    static func avatar(of name: Username) -> String { "/avatars/\(name)" }
}
