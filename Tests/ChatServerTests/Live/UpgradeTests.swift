import ChatCore
import ChatHTTP
import NIOHTTP1
import Testing

@testable import ChatServer

/// Which requests become WebSockets, and what the others are told.
@Suite struct UpgradeTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private func head(
        _ uri: String = "/ws", method: HTTPMethod = .GET, version: HTTPVersion = .http1_1,
        _ changes: [(String, String?)] = []
    ) -> HTTPRequestHead {
        var headers: HTTPHeaders = [
            "Host": "chat.example:8080", "Upgrade": "websocket", "Connection": "keep-alive, Upgrade",
            "Sec-WebSocket-Key": Self.key, "Sec-WebSocket-Version": "13",
        ]
        for (name, value) in changes {
            headers.remove(name: name)
            if let value { headers.add(name: name, value: value) }
        }
        return HTTPRequestHead(version: version, method: method, uri: uri, headers: headers)
    }

    private func code(_ head: HTTPRequestHead) -> ErrorCode? {
        do throws(ChatError) {
            _ = try UpgradeRequest(head, cookie: SessionCookie(usesTLS: false))
        } catch {
            return error.code
        }
        return nil
    }

    // MARK: What is meant

    @Test(arguments: ["/ws", "/ws/", "/ws/chatroom/general", "/ws/other", "/ws?x=1"])
    func `an upgrade below ws is meant for us`(uri: String) {
        #expect(UpgradeRequest.isMeant(by: head(uri)))
    }

    @Test(arguments: ["/", "/wsx", "/api/v1/rooms", "/health/live"])
    func `an upgrade elsewhere is plain HTTP`(uri: String) {
        #expect(!UpgradeRequest.isMeant(by: head(uri)))
    }

    @Test(arguments: [nil, "h2c", "websockets"])
    func `without the word websocket it is plain HTTP`(upgrade: String?) {
        #expect(!UpgradeRequest.isMeant(by: head("/ws", [("Upgrade", upgrade)])))
    }

    @Test(arguments: ["WebSocket", "h2c, websocket"])
    func `the word counts in any case and among others`(upgrade: String) {
        #expect(UpgradeRequest.isMeant(by: head("/ws", [("Upgrade", upgrade)])))
    }

    // MARK: The handshake

    @Test(
        arguments: [
            ("/ws", nil), ("/ws/", nil), ("/ws?token=x", nil), ("/ws/chatroom/general", "general"),
            ("/ws/chatroom/general/", "general"), ("/ws/chatroom/gener%61l", "general"),
            ("/ws/chatroom/General?x", "General"),
        ] as [(String, String?)])
    func `the path names the room`(uri: String, room: String?) throws {
        let request = try UpgradeRequest(head(uri), cookie: SessionCookie(usesTLS: false))
        #expect(request.onlyRoom == room)
        #expect(request.key == Self.key)
    }

    @Test(arguments: ["/ws/other", "/ws/chatroom"])
    func `another path is not found`(uri: String) {
        #expect(code(head(uri)) == .notFound)
    }

    @Test(
        arguments: [
            [("Connection", "keep-alive")], [("Connection", nil)], [("Host", nil)], [("Sec-WebSocket-Key", nil)],
            [("Sec-WebSocket-Key", "short")], [("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZTE=")],
        ] as [[(String, String?)]])
    func `a broken handshake is refused`(changes: [(String, String?)]) {
        #expect(code(head("/ws", changes)) == .invalidInput)
    }

    @Test func `only a GET of HTTP 1_1 shakes hands`() {
        #expect(code(head("/ws", method: .POST)) == .invalidInput)
        #expect(code(head("/ws", version: .http1_0)) == .invalidInput)
    }

    @Test(arguments: [("13", true), ("12", false), ("13, 8", false), (nil, false)] as [(String?, Bool)])
    func `only version 13 is spoken`(version: String?, isSpoken: Bool) {
        #expect(UpgradeRequest.speaksOurVersion(head("/ws", [("Sec-WebSocket-Version", version)])) == isSpoken)
    }

    // MARK: Origins

    private func origin(_ origin: String?, cookie: Bool = true, scheme: String = "http") -> ErrorCode? {
        let proof = cookie ? ("Cookie", "chatctl_session=t") : ("Authorization", "Bearer t")
        do throws(ChatError) {
            let request = try UpgradeRequest(
                head("/ws", [proof, ("Origin", origin)]), cookie: SessionCookie(usesTLS: false))
            try request.requireOwnOrigin(scheme: scheme, allowed: ["https://friend.example"])
        } catch {
            return error.code
        }
        return nil
    }

    @Test func `a cookie counts from our own pages and from origins that were named`() {
        #expect(origin("http://chat.example:8080") == nil)
        #expect(origin("https://friend.example") == nil)
    }

    @Test(arguments: [
        nil, "https://chat.example:8080", "http://chat.example", "http://chat.example:8080.evil.example",
        "https://friend.example.evil.example", "null", "",
    ])
    func `a cookie does not count from anywhere else`(foreign: String?) {
        #expect(origin(foreign) == .notAllowed)
    }

    @Test func `over TLS our own pages are those of https`() {
        #expect(origin("https://chat.example:8080", scheme: "https") == nil)
        #expect(origin("http://chat.example:8080", scheme: "https") == .notAllowed)
    }

    @Test func `a bearer token needs no origin`() {
        #expect(origin("https://evil.example", cookie: false) == nil)
    }
}
