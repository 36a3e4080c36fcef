import ChatCore
import ChatHTTP
import ChatTestKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

@testable import ChatPages

/// The pages over a core of their own, asked without a port.
struct TestPages {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: String

        var location: String? { headers[.location] }
        /// The `name=value` of the cookie that the answer sets; nil if it sets none.
        var cookie: String? { headers[.setCookie].map { String($0.prefix { $0 != ";" }) } }
        /// The CSRF token of the page's forms.
        var csrf: String? {
            guard let start = body.range(of: #"name="csrf" value=""#) else { return nil }
            return String(body[start.upperBound...].prefix { $0 != "\"" })
        }
    }

    static let password = "long enough"

    let node: TestNode
    let pages: Pages
    private let router: HTTPRouter
    private let cookies: [String: String]

    /// An installation with `alice`, `bob` and the administrator `root`, each logged in, and the room `general`.
    init(signUp: SignUpPolicy = .open, usesTLS: Bool = false, isNew: Bool = false) async throws {
        node = try await TestNode(in: TemporaryFolder())
        var settings = PageSettings()
        settings.signUp = signUp
        settings.usesTLS = usesTLS
        pages = try Pages(node.chat, settings)
        router = HTTPRouter(
            chat: node.chat, routes: pages.routes, cookie: SessionCookie(usesTLS: usesTLS),
            errorPage: pages.errorPage(_:for:))
        var cookies: [String: String] = [:]
        if !isNew {
            for (name, role) in [("alice", SiteRole.user), ("bob", .user), ("root", .admin)] {
                _ = try await node.makeUser(name, role: role, password: Self.password)
                let issued = try await node.chat.logIn(Username(name), password: Self.password, from: "::1").token
                cookies[name] = "\(SessionCookie(usesTLS: usesTLS).name)=\(issued.secret)"
            }
        }
        self.cookies = cookies
        _ = try await node.chat.service(for: .operator(as: nil)).createRoom(
            NewRoom(name: RoomName("general"), isPrivate: false, topic: "", members: []))
    }

    /// - Parameters:
    ///   - line: method and path, `GET /chat`.
    ///   - name: whose session asks; nil for nobody's.
    ///   - fields: of a form; the CSRF token of the session is added unless `csrf` is among them.
    ///   - cookie: sent instead of the session's.
    func ask(
        _ line: String, as name: String? = "alice", _ fields: [String: String]? = nil, cookie: String? = nil,
        headers extra: [String: String] = [:]
    ) async throws -> Answer {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        var headers = HTTPFields()
        headers[.accept] = "text/html"
        let cookie = cookie ?? name.flatMap { cookies[$0] }
        headers[.cookie] = cookie
        for (field, value) in extra {
            if let field = HTTPField.Name(field) { headers[field] = value }
        }
        var body = ByteBuffer()
        if var fields {
            headers[.contentType] = "application/x-www-form-urlencoded"
            if fields["csrf"] == nil, let cookie, let equals = cookie.firstIndex(of: "=") {
                fields["csrf"] = node.chat.csrfToken(of: String(cookie[cookie.index(after: equals)...]))
            }
            body.writeString(
                fields.map { "\(PercentCoding.encoded($0))=\(PercentCoding.encoded($1))" }.joined(separator: "&"))
        }
        return try await answer(parts[0], parts[1], headers, body)
    }

    /// Sends a form with a file in alice's name.
    ///
    /// - Parameter csrf: nil for the session's.
    func upload(_ path: String, file: [UInt8], csrf: String? = nil) async throws -> Answer {
        let cookie = cookies["alice"] ?? ""
        let token = csrf ?? node.chat.csrfToken(of: String(cookie.drop { $0 != "=" }.dropFirst()))
        var body = ByteBuffer()
        body.writeString("--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n\(token)\r\n")
        body.writeString("--XX\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n")
        body.writeBytes(file)
        body.writeString("\r\n--XX--\r\n")
        let headers: HTTPFields = [
            .accept: "text/html", .cookie: cookie, .contentType: "multipart/form-data; boundary=XX",
        ]
        return try await answer("POST", path, headers, body)
    }

    private func answer(
        _ method: String, _ path: String, _ headers: HTTPFields, _ body: ByteBuffer
    ) async throws -> Answer {
        let head = HTTPRequest(
            method: HTTPRequest.Method(method) ?? .get, scheme: "http", authority: "localhost", path: path,
            headerFields: headers)
        let context = HTTPContext(
            source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: Logger(label: "test")))
        let response = await router.respond(
            to: Request(head: head, body: RequestBody(buffer: body)), context: context)
        let collected = Collected()
        try await response.body.write(BodyWriter(collected: collected))
        return Answer(status: response.status.code, headers: response.headers, body: collected.text)
    }

    /// Loads a page with a form that needs no session, and sends it.
    func send(_ path: String, _ fields: [String: String], cookie: String? = nil) async throws -> Answer {
        let page = try await ask("GET \(path)", as: nil)
        let sent = [page.cookie, cookie].compactMap { $0 }.joined(separator: "; ")
        var fields = fields
        fields["csrf"] = page.csrf
        return try await ask("POST \(path)", as: nil, fields, cookie: sent)
    }

    func service(_ name: String) async throws -> LocalChat {
        let user = try await node.store.user(named: Username(name))
        guard let user else { throw ChatError(.userNotFound, name) }
        return node.service(for: user)
    }

    func close() async { await node.close() }
}

/// What a response wrote.
private final class Collected: Sendable {
    private let buffer = Mutex(ByteBuffer())

    var text: String { buffer.withLock { String(buffer: $0) } }

    func add(_ part: ByteBuffer) { buffer.withLock { _ = $0.writeImmutableBuffer(part) } }
}

private struct BodyWriter: ResponseBodyWriter {
    let collected: Collected

    mutating func write(_ buffer: ByteBuffer) async throws { collected.add(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
