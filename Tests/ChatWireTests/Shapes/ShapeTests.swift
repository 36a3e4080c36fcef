import ChatCore
import FoundationEssentials
import Testing

@testable import ChatWire

@Suite struct ShapeTests {
    private static let moment = Timestamp(milliseconds: 1_795_454_816_682)
    private static let message = Message(
        id: 123, room: RoomReference(id: RoomID(1), name: RoomName(stored: "general")), seq: 45,
        body: MessageBody(stored: "hi"),
        author: Author(id: UserID(7), username: Username(stored: "alice"), displayName: "Alice"), createdAt: moment)

    private static func text(_ frame: [UInt8]) throws -> String {
        var decoder = FrameDecoder(role: .client)
        decoder.feed(.init(bytes: frame))
        guard case .text(let bytes) = try decoder.next() else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a message has the contract's shape`() {
        let expected =
            #"{"id":123,"room":"general","seq":45,"body":"hi","author":{"id":7,"username":"alice","#
            + #""display_name":"Alice","avatar":"/avatars/alice"},"created_at":"2026-11-23T17:26:56.682Z"}"#
        #expect(String(decoding: JSON.document { $0.message(Self.message) }, as: UTF8.self) == expected)
    }

    @Test func `an error has the contract's shape`() {
        let error = ChatError(.roomNotFound, "room x: no such room", hint: "look")
        #expect(
            String(decoding: JSON.document { $0.error(error) }, as: UTF8.self)
                == #"{"error":{"code":"room_not_found","message":"room x: no such room","hint":"look"}}"#)
    }

    @Test func `a missing body is answered as the seed's forms do`() throws {
        guard case .failure(let fault) = ClientFrame.parse(Array(#"{"ref":"r"}"#.utf8)) else {
            Issue.record("accepted")
            return
        }
        #expect(
            try Self.text(ServerFrame.error(ref: fault.ref, fault.error))
                == #"{"ok":false,"event":"error","ref":"r","code":"invalid_body","#
                + #""errors":{"body":["This field is required."]}}"#)
    }

    @Test func `an ack repeats ref and client id`() throws {
        let ack = ServerFrame.ack(
            ref: .number(3), room: RoomName(stored: "general"), id: 123, seq: 48, clientID: try ClientID("a1"))
        #expect(
            try Self.text(ack)
                == #"{"ok":true,"event":"ack","ref":3,"room":"general","id":123,"seq":48,"client_id":"a1"}"#)
    }

    @Test func `a batch holds each message's frame and knows where it ends`() throws {
        let batch = WireCoder().batch([Self.message, Self.message])
        #expect(batch.ends.count == 2 && batch.ends.last == batch.bytes.count)
        #expect(Array(batch.bytes[..<batch.ends[0]]) == ServerFrame.message(Self.message))
    }

    @Test(arguments: ["\"\\\n\r\t\u{1}\u{1f}\u{7f}", "é漢😀\u{2028}", "</script>", "", "a\u{0}b"])
    func `any text is read back the same by another parser`(text: String) throws {
        let bytes = JSON.document { $0.array([text]) { $0.value($1) } }
        #expect(try JSONDecoder().decode([String].self, from: Data(bytes)) == [text])
    }

    @Test(arguments: [
        (
            #"{"event":"join","room":"general","after":45,"epoch":"e"}"#,
            ClientFrame.Event.join(room: "general", after: 45, epoch: "e")
        ),
        (#"{"body":"hi"}"#, .message(room: nil, body: "hi", clientID: nil)),
        (#"{"event":"ping"}"#, .ping), (#"{"event":"read","seq":4}"#, .read(room: nil, seq: 4)),
    ])
    func `a frame is read`(text: String, event: ClientFrame.Event) throws {
        #expect(try ClientFrame.parse(Array(text.utf8)).get().event == event)
    }

    @Test(arguments: [
        ("{", ErrorCode.invalidJSON), ("[]", .invalidFrame), ("7", .invalidFrame), (#"{"event":"x"}"#, .invalidFrame),
        (#"{"body":7}"#, .invalidBody), (#"{"event":"join"}"#, .invalidFrame), (#"{"event":7}"#, .invalidFrame),
    ])
    func `a frame that cannot be read is refused with its code`(text: String, code: ErrorCode) {
        #expect { try ClientFrame.parse(Array(text.utf8)).get() } throws: { ($0 as? FrameFault)?.error.code == code }
    }
}
