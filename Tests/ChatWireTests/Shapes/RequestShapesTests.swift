import ChatCore
import Testing

@testable import ChatWire

/// How the bodies of requests are read.
@Suite struct RequestShapesTests {
    private func refusal<Shape: RequestShape>(_ shape: Shape.Type, _ bytes: [UInt8]) -> ChatError? {
        do throws(ChatError) { _ = try shape.read(bytes) } catch { return error }
        return nil
    }

    @Test(
        arguments: [
            ("{", ErrorCode.invalidJSON, nil), ("[]", .invalidInput, nil), ("7", .invalidInput, nil),
            ("\u{feff}{}", .invalidJSON, nil), (#"{"name":"a","name":"b"}"#, .invalidJSON, nil),
            ("", .invalidInput, ["name": ["This field is required."]]),
            (#"{"members":["a"]}"#, .invalidInput, ["name": ["This field is required."]]),
            (#"{"name":null}"#, .invalidInput, ["name": ["This field may not be null."]]),
            (#"{"name":7}"#, .invalidInput, ["name": ["Not of the right type."]]),
            (#"{"name":"\ud800"}"#, .invalidInput, ["name": ["Not of the right type."]]),
            (#"{"name":"a","topic":[]}"#, .invalidInput, ["topic": ["Not of the right type."]]),
            (#"{"name":"a","kind":"direct"}"#, .invalidInput, ["kind": ["Use public or private."]]),
            (#"{"name":"a","members":"bob"}"#, .invalidInput, ["members": ["Not of the right type."]]),
            (#"{"name":"a","members":["bob",7]}"#, .invalidInput, ["members": ["Not of the right type."]]),
            (#"{"name":"a","topics":"x"}"#, .invalidInput, ["topics": ["Not a field of this request."]]),
        ] as [(String, ErrorCode, [String: [String]]?)])
    func `a request that cannot be read names its field`(text: String, code: ErrorCode, fields: [String: [String]]?) {
        let error = refusal(RoomRequest.self, Array(text.utf8))
        #expect(error?.code == code && error?.fields == fields ?? [:], "\(String(describing: error))")
    }

    @Test(arguments: ["9223372036854775808", "-1", "1e400", "0.5", "1000.5", "999", "315619200001"])
    func `a number that is none in the range says the range`(number: String) {
        let error = refusal(TokenRequest.self, Array(#"{"life_ms":\#(number)}"#.utf8))
        #expect(error?.fields["life_ms"] == ["Use a whole number from 1000 to 315619200000."])
    }

    @Test func `a change names what it changes, and null is no value`() throws {
        #expect(refusal(RoomPatch.self, Array("{}".utf8))?.code == .invalidInput)
        #expect(refusal(RoomPatch.self, Array(#"{"topic":null}"#.utf8))?.fields["topic"] != nil)
        let patch = try RoomPatch.read(Array(#"{"archived":false}"#.utf8))
        #expect(patch.archived == false && patch.topic == nil && patch.name == nil)
    }

    @Test func `an optional field may be null, which counts as absent`() throws {
        let wish = try TokenRequest.read(Array(#"{"label":null,"life_ms":null}"#.utf8))
        #expect(wish.label == nil && wish.life_ms == nil)
    }

    @Test(arguments: ["", "{}", #"{"body":null}"#, #"{"body":5}"#])
    func `a message without a text has the code of a body`(text: String) {
        #expect(refusal(MessageRequest.self, Array(text.utf8))?.code == .invalidBody)
    }

    @Test func `text that is not UTF-8 is refused`() {
        #expect(
            refusal(MessageRequest.self, Array(#"{"body":""#.utf8) + [0xff] + Array(#""}"#.utf8))?.code == .invalidJSON)
        let wide = Array(#"{"body":"x"}"#.utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(refusal(MessageRequest.self, wide)?.code == .invalidJSON)
    }

    @Test func `a request is read as it was written, without what is absent`() throws {
        let wish = RoomRequest(name: "a", kind: nil, topic: "t", members: ["bob"])
        let bytes = try ShapeCoder.encode(wish)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("kind"))
        let read = try RoomRequest.read(bytes)
        #expect(read.name == "a" && read.kind == nil && read.topic == "t" && read.members == ["bob"])
    }

    @Test func `what the schemas of names allow, the core takes`() throws {
        for name in ["a", "A", "0", "z_.-", "A.b-C_9"] {
            #expect(name.wholeMatch(of: try Regex("^[A-Za-z0-9][A-Za-z0-9_.-]*$")) != nil)
            #expect(throws: Never.self) { _ = (try Username(name), try RoomName(name)) }
        }
    }
}
