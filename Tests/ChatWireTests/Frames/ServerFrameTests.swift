import ChatCore
import Testing

@testable import ChatWire

@Suite struct ServerFrameTests {
    private static let room = Sample.general.name

    @Test func `the frames have the contract's texts`() throws {
        let frames: [([UInt8], String)] = [
            (
                ServerFrame.joined(
                    ref: .number(1), room: Self.room, lastSeq: 47, epoch: "e", onlineCount: 2, recovered: true),
                #"{"ok":true,"event":"joined","ref":1,"room":"general","last_seq":47,"epoch":"e","#
                    + #""online_count":2,"recovered":true}"#
            ),
            (ServerFrame.left(ref: nil, room: Self.room), #"{"ok":true,"event":"left","room":"general"}"#),
            (
                ServerFrame.ack(ref: nil, room: Self.room, id: 123, seq: 48, clientID: nil),
                #"{"ok":true,"event":"ack","room":"general","id":123,"seq":48}"#
            ),
            (
                ServerFrame.ack(ref: .text("r"), room: Self.room, id: 123, seq: 48, clientID: try ClientID("a1")),
                #"{"ok":true,"event":"ack","ref":"r","room":"general","id":123,"seq":48,"client_id":"a1"}"#
            ),
            (ServerFrame.pong(ref: nil), #"{"ok":true,"event":"pong"}"#),
            (
                ServerFrame.onlineCount(room: Self.room, count: 4),
                #"{"ok":true,"event":"online_count","room":"general","online_count":4}"#
            ),
            (
                ServerFrame.presence(room: Self.room, joined: [Sample.bob], left: []),
                #"{"ok":true,"event":"presence","room":"general","joined":["bob"],"left":[]}"#
            ),
            (
                ServerFrame.typing(room: Self.room, username: Sample.bob),
                #"{"ok":true,"event":"typing","room":"general","username":"bob"}"#
            ),
            (
                ServerFrame.messageDeleted(room: Self.room, seq: 45),
                #"{"ok":true,"event":"message_deleted","room":"general","seq":45}"#
            ),
            (
                ServerFrame.messageEdited(Sample.message()),
                #"{"ok":true,"event":"message_edited","message":"# + Sample.text { $0.message(Sample.message()) } + "}"
            ),
            (
                ServerFrame.edited(ref: nil, room: Self.room, seq: 45),
                #"{"ok":true,"event":"edited","room":"general","seq":45}"#
            ),
            (
                ServerFrame.room(Sample.room),
                #"{"ok":true,"event":"room","room":"# + Sample.text { $0.room(Sample.room) } + "}"
            ),
            (
                ServerFrame.removed(room: Self.room, reason: .kicked),
                #"{"ok":true,"event":"removed","room":"general","reason":"kicked"}"#
            ),
            (
                ServerFrame.message(Sample.message()),
                #"{"ok":true,"event":"message","message":"# + Sample.text { $0.message(Sample.message()) } + "}"
            ),
        ]
        for (frame, text) in frames { #expect(try Sample.text(frame) == text) }
    }

    @Test func `an error says how long to wait and what is wrong`() throws {
        let error = ChatError(.rateLimited, "message: too many", retryAfter: .milliseconds(250))
        #expect(
            try Sample.text(ServerFrame.error(ref: .text("r"), error))
                == #"{"ok":false,"event":"error","ref":"r","code":"rate_limited","errors":{"detail":["message: too many"]},"#
                + #""retry_after_ms":250}"#)
    }

    @Test func `every code of the core has one of the contract's frame codes`() {
        let codes: Set = [
            "invalid_json", "invalid_frame", "invalid_body", "room_not_found", "not_joined", "not_a_member", "banned",
            "muted", "archived", "rate_limited", "unavailable", "client_id_reused",
        ]
        for code in ErrorCode.allCases { #expect(codes.contains(ServerFrame.frameCode(code)), "\(code)") }
    }

    @Test func `headers are as short as they can be`() throws {
        #expect(ServerFrame.pong(ref: nil).prefix(3) == [0x81, 26, UInt8(ascii: "{")])
        #expect(ServerFrame.message(Sample.message()).prefix(2) == [0x81, 126])
        let long = ServerFrame.message(Sample.message(body: String(repeating: "\u{1}", count: 16_384)))
        #expect(long.prefix(6) == [0x81, 127, 0, 0, 0, 0])
        #expect(try Sample.text(long).contains(String(repeating: #"\u0001"#, count: 16_384)))
    }

    @Test(arguments: 110..<140) func `a header fits its payload around its bounds`(size: Int) throws {
        let text = String(repeating: "x", count: size)
        for frame in [WebSocketFrame.text { $0.value(text) }, WebSocketFrame.encode(.text, Array("\"\(text)\"".utf8))] {
            #expect(try Sample.text(frame) == "\"\(text)\"")
        }
        let wide = String(repeating: "x", count: 65_533 - 125 + size)
        #expect(try Sample.text(WebSocketFrame.text { $0.value(wide) }) == "\"\(wide)\"")
    }
}
