import ChatCore
import ChatWire
import Testing

@testable import ChatClient

@Suite(.timeLimit(.minutes(1))) struct WebSocketConnectionTests {
    @Test func `frames go both ways and the server's close is told`() async throws {
        let server = try await TestServer()
        let connection = try await WebSocketConnection.open(at: server.address, token: "t")
        let socket = try await server.socket()
        connection.send(Array("hi".utf8))
        #expect(await socket.text() == "hi")
        socket.send(Array("ho".utf8))
        #expect(await connection.next() == .text(Array("ho".utf8)))
        socket.close(4008)
        #expect(await connection.next() == .closed(code: 4008))
    }

    @Test func `a connection that nobody holds any more is closed`() async throws {
        let server = try await TestServer()
        _ = try await WebSocketConnection.open(at: server.address, token: "t")
        let socket = try await server.socket()
        #expect(await socket.frame() == .close(code: 1000))
        #expect(await socket.frame() == nil)
    }

    @Test func `a slow reader stops the server, and reading on lets it go on`() async throws {
        let server = try await TestServer()
        let connection = try await WebSocketConnection.open(at: server.address, token: "t")
        let socket = try await server.socket()
        let frame = [UInt8](repeating: 65, count: Inbox.high / 2)
        for _ in 0..<20 { socket.send(frame) }
        for _ in 0..<20 { #expect(await connection.next() == .text(frame)) }
    }

    @Test(arguments: ["a b", "a\r\nx: y", "é", "\u{7f}"])
    func `a token that could break the request's head is not sent`(token: String) async throws {
        let server = try await TestServer()
        let error = await #expect(throws: ChatError.self) {
            _ = try await WebSocketConnection.open(at: server.address, token: token)
        }
        #expect(error?.code == .unauthenticated)
    }

    @Test func `nobody at the address is unavailable`() async throws {
        let address = try await TestServer.nobody()
        let error = await #expect(throws: ChatError.self) {
            _ = try await WebSocketConnection.open(at: address, token: "t")
        }
        #expect(error?.code == .unavailable)
    }
}
