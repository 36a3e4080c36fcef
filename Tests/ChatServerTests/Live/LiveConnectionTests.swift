import ChatTestKit
import Testing

@testable import ChatCore
@testable import ChatServer

/// Joins that meet what happens to their rooms at the same time.
@Suite struct LiveConnectionTests {
    @Test func `whoever joins a room that is being deleted is told, in whatever order both come`() async throws {
        let line = try await TestLine()
        try await line.send(
            [
                "GET /ws HTTP/1.1", "Host: chat.example", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Authorization: Bearer \(line.token)",
            ].joined(separator: "\r\n") + "\r\n\r\n")
        _ = try await line.received(until: "\r\n\r\n")
        let delivery = line.node.chat.delivery
        try await line.send(frame: #"{"event":"join","room":"general","ref":"1"}"#)
        // The join has read the database by now, or is about to.
        #expect(await eventually { delivery.openRooms().contains { $0.name.text == "general" } })
        try await line.node.service(for: line.root).deleteRoom(RoomName("general"))
        _ = try await line.received(until: #""code":"room_not_found""#, #""reason":"deleted""#)
        await line.close()
    }
}
