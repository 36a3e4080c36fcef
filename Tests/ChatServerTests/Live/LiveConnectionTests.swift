import ChatTestKit
import ChatWire
import Testing

@testable import ChatCore
@testable import ChatServer

/// What a connection does with frames whose work overlaps.
@Suite struct LiveConnectionTests {
    private func connect(_ line: TestLine) async throws {
        try await line.send(
            [
                "GET /ws HTTP/1.1", "Host: chat.example", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Authorization: Bearer \(line.token)",
            ].joined(separator: "\r\n") + "\r\n\r\n")
        _ = try await line.received(until: "\r\n\r\n")
    }

    @Test func `edits of one connection are made in the order in which they were sent`() async throws {
        let line = try await TestLine()
        try await connect(line)
        try await line.send(frame: #"{"event":"join","room":"general","ref":"j"}"#)
        _ = try await line.received(until: #""event":"joined""#)
        try await line.send(frame: #"{"event":"message","room":"general","body":"text 0","ref":"m"}"#)
        _ = try await line.received(until: #""event":"ack""#)
        for number in 1...30 {
            try await line.send(
                frame: #"{"event":"edit","room":"general","seq":1,"body":"text \#(number)","ref":"e\#(number)"}"#)
        }
        let answers = try await line.received(until: #""ref":"e30""#)
        let order = answers.split(separator: "\"ref\":\"e").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(order == Array(1...30))
        let last = try await line.node.service(for: line.alice).message(in: RoomName("general"), seq: 1)
        #expect(last.body.text == "text 30")
        await line.close()
    }

    @Test func `many frames that came at once are handled in turns with those of others`() async throws {
        let line = try await TestLine()
        try await connect(line)
        let turn = Limits.framesPerTurn
        let frames = (1...2 * turn + 20).flatMap { number in
            WebSocketFrame.encode(.text, Array(#"{"event":"ping","ref":"p\#(number)"}"#.utf8), mask: 7)
        }
        try await line.send(frames)
        let first = try await line.received(until: #""ref":"p\#(turn)""#)
        #expect(!first.contains(#""ref":"p\#(turn + 1)""#))
        await line.channel.testingEventLoop.advanceTime(by: .milliseconds(1))
        let second = try await line.received(until: #""ref":"p\#(2 * turn)""#)
        #expect(second.contains(#""ref":"p\#(turn + 1)""#) && !second.contains(#""ref":"p\#(2 * turn + 1)""#))
        await line.channel.testingEventLoop.advanceTime(by: .milliseconds(1))
        _ = try await line.received(until: #""ref":"p\#(2 * turn + 20)""#)
        await line.close()
    }

    @Test func `whoever joins a room that is being deleted is told, in whatever order both come`() async throws {
        let line = try await TestLine()
        try await connect(line)
        let delivery = line.node.chat.delivery
        try await line.send(frame: #"{"event":"join","room":"general","ref":"1"}"#)
        // The join has read the database by now, or is about to.
        #expect(await eventually { delivery.openRooms().contains { $0.name.text == "general" } })
        try await line.node.service(for: line.root).deleteRoom(RoomName("general"))
        _ = try await line.received(until: #""code":"room_not_found""#, #""reason":"deleted""#)
        await line.close()
    }
}
