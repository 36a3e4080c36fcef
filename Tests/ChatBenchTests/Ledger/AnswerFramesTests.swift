import ChatCore
import Testing

@testable import ChatBench

@Suite struct AnswerFramesTests {
    private static func on<Result>(_ text: String, _ look: (UnsafeRawBufferPointer) -> Result) -> Result {
        Array(text.utf8).withUnsafeBytes(look)
    }

    @Test(
        arguments: [
            (#"{"ok":true,"event":"ack","ref":17,"room":"x","id":1,"seq":2}"#, 17),
            (#"{"ok": true, "event": "ack", "ref": 17}"#, 17), (#"{"ok":true,"event":"ack","ref":0}"#, 0),
            (#"{"ok":true,"event":"pong","ref":17}"#, nil), (#"{"ok":true,"event":"ack"}"#, nil),
            (#"{"ok":true,"event":"ack","ref":"a"}"#, nil), (#"{"ok":true,"event":"ack","ref":"#, nil), ("", nil),
            (#"{"ok":true,"event":"ack","ref":9999999999999999999999}"#, nil),
        ] as [(String, Int?)])
    func `an ack gives its ref, other frames none`(frame: String, ref: Int?) {
        #expect(Self.on(frame, AckFrame.ref) == ref)
    }

    @Test(arguments: [
        (#"{"ok":true,"event":"joined","room":"x"}"#, true), (#"{"ok": true, "event":  "joined"}"#, true),
        (#"{"ok":true,"event":"presence","room":"x","joined":["bob"],"left":[]}"#, false),
        (#"{"ok":true,"event":"join"#, false), (#"{"ok":true}"#, false),
    ])
    func `a joined frame is told apart from presence`(frame: String, isJoined: Bool) {
        #expect(Self.on(frame, JoinedFrame.matches) == isJoined)
    }

    @Test(
        arguments: [
            (#"{"ok":true,"event":"online_count","room":"x","online_count":1001}"#, 1_001),
            (#"{"online_count": 7}"#, 7), (#"{"online_count":null}"#, nil), (#"{"event":"online_count"}"#, nil),
        ] as [(String, Int?)])
    func `a count frame gives how many are online`(frame: String, count: Int?) {
        #expect(Self.on(frame, CountFrame.count) == count)
    }

    @Test func `only the first 128 bytes are searched`() {
        let padding = String(repeating: " ", count: 128)
        #expect(Self.on(padding + #"{"event":"ack","ref":1}"#, AckFrame.ref) == nil)
    }

    @Test func `the frame that joins names the room`() throws {
        let text = JoinFrame.text(try RoomName("general"))
        #expect(String(decoding: text, as: UTF8.self) == #"{"event":"join","room":"general"}"#)
    }
}
