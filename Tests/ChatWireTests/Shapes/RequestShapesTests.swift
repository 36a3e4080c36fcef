import ChatCore
import Testing

@testable import ChatWire

@Suite struct RequestShapesTests {
    @Test(
        arguments: [
            ("{", ErrorCode.invalidJSON, nil), ("", .invalidJSON, nil), ("[]", .invalidInput, nil),
            ("7", .invalidInput, nil),
            (#"{"members":["a"]}"#, .invalidInput, ["name": ["This field is required."]]),
            (#"{"name":null}"#, .invalidInput, ["name": ["This field may not be null."]]),
            (#"{"name":7}"#, .invalidInput, ["name": ["Not of the right type."]]),
            (#"{"name":"a","topic":[]}"#, .invalidInput, ["topic": ["Not of the right type."]]),
            (#"{"name":"a","members":"bob"}"#, .invalidInput, ["members": ["Not of the right type."]]),
            (#"{"name":"a","members":["bob",7]}"#, .invalidInput, ["members": ["Not of the right type."]]),
        ] as [(String, ErrorCode, [String: [String]]?)])
    func `a request that cannot be read names its field`(text: String, code: ErrorCode, fields: [String: [String]]?) {
        #expect {
            try ShapeCoder.decode(RoomRequest.self, from: Array(text.utf8))
        } throws: { error in
            let error = error as? ChatError
            return error?.code == code && error?.fields == fields ?? [:]
        }
    }

    @Test func `a request is read as it was written, without what is absent`() throws {
        let wish = RoomRequest(name: "a", kind: nil, topic: "t", members: ["bob"])
        let bytes = try ShapeCoder.encode(wish)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("kind"))
        let read = try ShapeCoder.decode(RoomRequest.self, from: bytes)
        #expect(read.name == "a" && read.kind == nil && read.topic == "t" && read.members == ["bob"])
    }

    @Test func `a body of nothing is an empty request`() throws {
        let wish = try ShapeCoder.decode(MessageRequest.self, from: Array("{}".utf8))
        #expect(wish.body == nil && wish.client_id == nil)
    }
}
