import ChatCore
import ChatHTTP
import ChatTestKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

@testable import ChatAPI

/// The routes over a core of its own, asked without a port.
struct TestAPI {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: String

        /// The code of the contract's error body.
        var code: String? {
            guard let start = body.range(of: #""code":""#) else { return nil }
            return body[start.upperBound...].prefix { $0 != "\"" }.description
        }
    }

    let node: TestNode
    private let router: HTTPRouter
    private let routes: [Route]
    private let tokens: [String: String]

    /// An installation with `alice`, `bob` and the administrator `root`, each with a password and a token.
    init(usesTLS: Bool = false) async throws {
        node = try await TestNode(in: TemporaryFolder())
        router = APIRoutes.router(node.chat, usesTLS: usesTLS)
        routes = APIRoutes.routes(node.chat, usesTLS: usesTLS, proxies: TrustedProxies())
        var tokens: [String: String] = [:]
        for (name, role) in [("alice", SiteRole.user), ("bob", .user), ("root", .admin)] {
            let user = try await node.makeUser(name, role: role, password: "long enough")
            let issued = try await node.service(for: user).createToken(for: user.username, label: "", life: nil)
            tokens[name] = issued.secret
        }
        self.tokens = tokens
    }

    /// - Parameters:
    ///   - line: method and path, `GET /rooms`; a path below `/api/v1` is meant.
    ///   - name: whose token is sent; nil for none.
    func ask(
        _ line: String, as name: String? = "alice", _ body: String = "", headers extra: [String: String] = [:]
    ) async throws -> Answer {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        var headers = HTTPFields()
        if let token = name.flatMap({ tokens[$0] }) { headers[.authorization] = "Bearer \(token)" }
        headers[.contentType] = "application/json"
        for (field, value) in extra {
            if let field = HTTPField.Name(field) { headers[field] = value }
        }
        let path = parts[1].hasPrefix("/health") || parts[1] == "*" ? parts[1] : "/api/v1" + parts[1]
        let head = HTTPRequest(
            method: HTTPRequest.Method(parts[0]) ?? .get, scheme: "http", authority: "localhost", path: path,
            headerFields: headers)
        let context = HTTPContext(
            source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: Logger(label: "test")))
        let response = await router.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body))), context: context)
        let collected = Collected()
        try await response.body.write(BodyWriter(collected: collected))
        let answer = Answer(
            status: response.status.code, headers: response.headers,
            body: collected.text.split(separator: "\n").joined())
        try routes.expectDeclared(answer, head.method, path)
        return answer
    }

    /// The epoch that an answer tells alice; nil where it tells none.
    func epoch(of path: String) async throws -> String? {
        try await ask("GET \(path)").headers[.roomEpoch]
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
