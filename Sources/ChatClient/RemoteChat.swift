import ChatCore
import ChatWire
import NIOHTTP1
import Synchronization

/// The use cases over HTTP and WebSocket to a running server, on behalf of one token's user.
package final class RemoteChat: ChatService, FollowService {
    package let address: ServerAddress
    let token: String
    let http: HTTPClient
    private let caller = Mutex<User?>(nil)

    /// Opens no connection yet.
    package init(address: ServerAddress, token: String) {
        self.address = address
        self.token = token
        http = HTTPClient(address: address, token: token)
    }

    /// Exchanges a name and a password for a session token.
    ///
    /// - Throws: `unauthenticated` when they are wrong, `rateLimited` after too many failures.
    package static func logIn(
        to address: ServerAddress, username: String, password: String
    ) async throws(ChatError) -> String {
        let chat = RemoteChat(client: HTTPClient(address: address, token: nil))
        let wish = LoginRequest(username: username, password: password)
        return try await chat.fetch(LoginShape.self, .POST, Target.api("login"), wish).token
    }

    private init(client: HTTPClient) {
        address = client.address
        token = ""
        http = client
    }

    /// Ends the session of this token.
    package func logOut() async throws(ChatError) {
        try await perform(.POST, Target.api("logout"))
    }

    /// The user this token belongs to, requested once and cached.
    package func me() async throws(ChatError) -> User {
        if let known = caller.withLock({ $0 }) { return known }
        let user = try await fetch(UserShape.self, .GET, Target.api("me")).user
        caller.withLock { $0 = user }
        return user
    }

    // MARK: Requests

    /// Makes a request and decodes the answer.
    func fetch<Shape: Decodable>(
        _ shape: Shape.Type, _ method: HTTPMethod, _ target: String, _ body: (any Encodable)? = nil,
        isRepeatable: Bool? = nil
    ) async throws(ChatError) -> Shape {
        try decode(shape, from: try await answer(method, target, body, isRepeatable: isRepeatable))
    }

    /// Makes a request whose answer has no content of interest.
    func perform(
        _ method: HTTPMethod, _ target: String, _ body: (any Encodable)? = nil, isRepeatable: Bool? = nil
    ) async throws(ChatError) {
        _ = try await answer(method, target, body, isRepeatable: isRepeatable)
    }

    /// Reads a list, page by page as the server links them (RFC 8288).
    ///
    /// - Parameter most: how many items are wanted; nil for all.
    /// - Throws: `configuration` for a list without an end.
    func list<Shape: Decodable>(_ shape: Shape.Type, _ target: String, most: Int? = nil) async throws(ChatError)
        -> [Shape]
    {
        var items: [Shape] = []
        var next: String? = target
        while let target = next, items.count < most ?? .max {
            let answer = try await answer(.GET, target, nil)
            let page = try decode([Shape].self, from: answer)
            items += page
            next = NextPage.target(of: answer.links)
            guard next == nil || !page.isEmpty && items.count < Limits.listItems else { throw address.strangeAnswer }
        }
        return most.map { Array(items.prefix($0)) } ?? items
    }

    func answer(
        _ method: HTTPMethod, _ target: String, _ body: (any Encodable)?, isRepeatable: Bool? = nil
    ) async throws(ChatError) -> HTTPAnswer {
        let bytes = try body.map { shape throws(ChatError) in try ShapeCoder.encode(shape) }
        let answer = try await http.answer(
            to: HTTPRequest(method, target, body: bytes, isRepeatable: isRepeatable))
        guard (200..<300).contains(answer.status) else {
            throw address.refusal(status: answer.status, body: answer.body, target: target)
        }
        return answer
    }

    func decode<Shape: Decodable>(_ shape: Shape.Type, from answer: HTTPAnswer) throws(ChatError) -> Shape {
        do throws(ChatError) {
            return try ShapeCoder.decode(shape, from: answer.body)
        } catch {
            throw address.strangeAnswer
        }
    }
}
