import ChatCore
import ChatTestKit
import Testing

@testable import ChatWire

@Suite struct ReceivedFrameTests {
    private static let room = Sample.general.name

    private func read(_ frame: [UInt8]) throws -> ReceivedFrame {
        try ReceivedFrame(Array(try Sample.text(frame).utf8))
    }

    @Test func `each frame of a server is read as it was written`() throws {
        let room = Self.room
        let frames: [([UInt8], ReceivedFrame)] = [
            (ServerFrame.message(Sample.message()), .message(Sample.message())),
            (ServerFrame.messageDeleted(room: room, seq: 45), .messageDeleted(room: room, seq: 45)),
            (ServerFrame.onlineCount(room: room, count: 4), .onlineCount(room: room, count: 4)),
            (
                ServerFrame.presence(room: room, joined: [Sample.bob], left: []),
                .presence(room: room, joined: [Sample.bob], left: [])
            ),
            (ServerFrame.typing(room: room, username: Sample.bob), .typing(room: room, username: Sample.bob)),
            (ServerFrame.room(Sample.room), .room(Sample.room)),
            (ServerFrame.left(ref: .number(1), room: room), .other),
            (ServerFrame.ack(ref: .number(1), room: room, id: 1, seq: 2, clientID: nil), .other),
            (ServerFrame.pong(ref: nil), .other),
        ]
        for (frame, expected) in frames { #expect(try read(frame) == expected) }
    }

    @Test(arguments: [RemovalReason.kicked, .banned, .removed, .deleted])
    func `a removal says why`(reason: RemovalReason) throws {
        let frame = ServerFrame.removed(room: Self.room, reason: reason)
        #expect(try read(frame) == .removed(room: Self.room, reason: reason))
    }

    @Test func `a removal for a reason of a newer server is a removal all the same`() throws {
        let text = #"{"ok":true,"event":"removed","room":"general","reason":"merged"}"#
        #expect(try ReceivedFrame(Array(text.utf8)) == .removed(room: Self.room, reason: nil))
    }

    @Test(arguments: [(Ref.number(7), Int64(7)), (.text("7"), nil), (nil, nil)] as [(Ref?, Int64?)])
    func `an answer to a join has the join's number`(ref: Ref?, number: Int64?) throws {
        let frame = ServerFrame.joined(
            ref: ref, room: Self.room, lastSeq: 47, epoch: "e", onlineCount: 2, recovered: false)
        let expected = ReceivedFrame.Joined(
            ref: number, room: Self.room, lastSeq: 47, epoch: "e", onlineCount: 2, recovered: false)
        #expect(try read(frame) == .joined(expected))
    }

    @Test func `a refusal has the number, the code, the sentence and the wait`() throws {
        let table: [(ChatError, ChatError)] = [
            (ChatError(.banned, "room a: no", hint: "not sent"), ChatError(.banned, "room a: no")),
            (
                ChatError(.rateLimited, "join: wait", retryAfter: .milliseconds(250)),
                ChatError(.rateLimited, "join: wait", retryAfter: .milliseconds(250))
            ),
            (
                ChatError(.invalidFrame, "x", fields: ["room": ["Required.", "More."], "seq": ["Bad."]]),
                ChatError(
                    .invalidFrame, "room: Required.", fields: ["room": ["Required.", "More."], "seq": ["Bad."]])
            ),
        ]
        for (sent, read) in table {
            let refusal = ReceivedFrame.Refusal(ref: 3, error: read)
            #expect(try self.read(ServerFrame.error(ref: .number(3), sent)) == .error(refusal))
        }
    }

    @Test(arguments: [
        (#"{"event":"error","code":"new_code"}"#, ErrorCode.fault), (#"{"event":"error","code":"muted"}"#, .muted),
    ])
    func `a refusal without a sentence, or with a code that is not known, still is one`(text: String, code: ErrorCode)
        throws
    {
        let refusal = ReceivedFrame.Refusal(ref: nil, error: ChatError(code, "the server refused"))
        #expect(try ReceivedFrame(Array(text.utf8)) == .error(refusal))
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"event":7}"#, #"{"event":"message"}"#, #"{"event":"message","message":{"id":1}}"#,
        #"{"event":"typing","room":"general"}"#, #"{"event":"typing","room":"a b","username":"bob"}"#,
        #"{"event":"online_count","room":"general","online_count":"4"}"#, #"{"event":"room","room":"general"}"#,
        #"{"event":"joined","room":"general","last_seq":1}"#, #"{"event":"removed","room":"general"}"#,
        #"{"event":"message_deleted","room":"general","seq":1.5}"#, #"{"event":"error"}"#,
    ])
    func `a frame without what its event needs is refused`(text: String) {
        #expect(throws: ChatError.self) { try ReceivedFrame(Array(text.utf8)) }
    }

    @Test func `presence and typing are passing, what makes a log or a membership is not`() throws {
        let room = Self.room
        let passing = [
            ServerFrame.onlineCount(room: room, count: 4), ServerFrame.presence(room: room, joined: [], left: []),
            ServerFrame.typing(room: room, username: Sample.bob),
        ]
        for frame in passing { #expect(ReceivedFrame.isPassing(Array(try Sample.text(frame).utf8))) }
        let lasting = [
            ServerFrame.message(Sample.message(body: #""event":"typing""#)),
            ServerFrame.messageDeleted(room: room, seq: 1), ServerFrame.removed(room: room, reason: .kicked),
            ServerFrame.pong(ref: .text("typing")),
        ]
        for frame in lasting { #expect(!ReceivedFrame.isPassing(Array(try Sample.text(frame).utf8))) }
        for text in ["", "typing", #"{"event":7}"#, #"["event","typing"]"#, #"{"a":{"event":"typing"}}"#] {
            #expect(!ReceivedFrame.isPassing(Array(text.utf8)))
        }
        #expect(ReceivedFrame.isPassing(Array(#" { "room" : "a" , "event":"t\u0079ping"}"#.utf8)))
    }
}
