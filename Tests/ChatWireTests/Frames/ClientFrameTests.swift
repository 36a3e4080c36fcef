import ChatCore
import ChatTestKit
import Testing

@testable import ChatWire

@Suite struct ClientFrameTests {
    private static func parse(_ text: String) throws(FrameFault) -> ClientFrame {
        try ClientFrame.parse(Array(text.utf8)).get()
    }

    /// The frame that answers a text which cannot be read.
    private static func refusal(_ text: String) throws -> String {
        guard case .failure(let fault) = ClientFrame.parse(Array(text.utf8)) else { return "accepted" }
        return try Sample.text(ServerFrame.error(ref: fault.ref, fault.error))
    }

    @Test(
        arguments: [
            (#"{"event":"join","room":"a"}"#, .join(room: "a", after: nil, epoch: nil)),
            (#"{"event":"join","room":"a","after":0,"epoch":"e"}"#, .join(room: "a", after: 0, epoch: "e")),
            (#"{"event":"join","room":"a","after":null,"epoch":null}"#, .join(room: "a", after: nil, epoch: nil)),
            (#"{"event":"leave"}"#, .leave(room: nil)), (#"{"event":"leave","room":"a"}"#, .leave(room: "a")),
            (
                #"{"event":"message","room":"a","body":"hi","client_id":"1"}"#,
                .message(room: "a", body: "hi", clientID: "1")
            ),
            (#"{"body":"\u0068\ud83d\ude00\n"}"#, .message(room: nil, body: "h😀\n", clientID: nil)),
            (#"{"event":null,"body":""}"#, .message(room: nil, body: "", clientID: nil)),
            (#"{"event":"typing","room":"a"}"#, .typing(room: "a")),
            (#"{"event":"edit","room":"a","seq":4,"body":"b"}"#, .edit(room: "a", seq: 4, body: "b")),
            (#"{"event":"edit","seq":4,"body":"b"}"#, .edit(room: nil, seq: 4, body: "b")),
            (#"{"event":"read","seq":48}"#, .read(room: nil, seq: 48)),
            (#"{"event":"ping","body":[1,{"x":2}],"more":{}}"#, .ping), (#"{"\u0065vent":"ping"}"#, .ping),
        ] as [(String, ClientFrame.Event)])
    func `each event is read`(text: String, event: ClientFrame.Event) throws {
        let frame = try Self.parse(text)
        #expect(frame.event == event && frame.ref == nil)
    }

    @Test(arguments: [
        #""a""#, #""\u0041\n\/é""#, "\"\"", "17", "-0", "1.50", "1e3", "123456789012345678901234567890", "null",
        #""\ud800""#,
    ])
    func `a ref comes back byte by byte`(ref: String) throws {
        let frame = try Self.parse("{\"event\":\"ping\", \"ref\" : \(ref) }")
        #expect(try Sample.text(ServerFrame.pong(ref: frame.ref)) == "{\"ok\":true,\"event\":\"pong\",\"ref\":\(ref)}")
    }

    @Test func `a ref has at most 128 bytes as it is written`() throws {
        func ref(_ size: Int) -> String { "\"" + String(repeating: "r", count: size - 2) + "\"" }
        #expect(try Self.parse("{\"event\":\"ping\",\"ref\":\(ref(128))}").ref != nil)
        #expect(
            try Self.refusal("{\"event\":\"ping\",\"ref\":\(ref(129))}")
                == #"{"ok":false,"event":"error","code":"invalid_frame","#
                + #""errors":{"ref":["Ensure this field has no more than 128 bytes."]}}"#)
    }

    @Test func `a ref of a program's own is written as JSON`() throws {
        #expect(try Sample.text(ServerFrame.pong(ref: .text("a\"b"))) == #"{"ok":true,"event":"pong","ref":"a\"b"}"#)
        #expect(try Sample.text(ServerFrame.pong(ref: .number(-3))) == #"{"ok":true,"event":"pong","ref":-3}"#)
    }

    @Test(arguments: [
        (#"{"body":"#, "", "invalid_json", "detail", "frame: not JSON"),
        ("hello", "", "invalid_json", "detail", "frame: not JSON"),
        (
            #"{"body":"a","body":"b"}"#, "", "invalid_json", "detail",
            "frame: the name 'body' stands twice in a JSON object"
        ),
        ("", "", "invalid_json", "detail", "frame: not JSON"),
        ("[1]", "", "invalid_frame", "detail", "frame: not a JSON object"),
        ("null", "", "invalid_frame", "detail", "frame: not a JSON object"),
        (#"{"ref":1}"#, #""ref":1,"#, "invalid_body", "body", "This field is required."),
        (#"{"event":"message","ref":1}"#, #""ref":1,"#, "invalid_body", "body", "This field is required."),
        (#"{"body":null}"#, "", "invalid_body", "body", "This field is required."),
        (#"{"body":7,"ref":"r"}"#, #""ref":"r","#, "invalid_body", "body", "Not a valid string."),
        (#"{"body":{"a":1}}"#, "", "invalid_body", "body", "Not a valid string."),
        (#"{"body":"\ud800","ref":2}"#, #""ref":2,"#, "invalid_body", "body", "Not a valid string."),
        (#"{"body":"x","client_id":7}"#, "", "invalid_frame", "client_id", "Not a valid string."),
        (#"{"body":"x","room":[]}"#, "", "invalid_frame", "room", "Not a valid string."),
        (#"{"event":"join","ref":2}"#, #""ref":2,"#, "invalid_frame", "room", "This field is required."),
        (#"{"event":"join","room":"a","after":"1"}"#, "", "invalid_frame", "after", "A valid integer is required."),
        (#"{"event":"join","room":"a","after":1.5}"#, "", "invalid_frame", "after", "A valid integer is required."),
        (#"{"event":"join","room":"a","epoch":1}"#, "", "invalid_frame", "epoch", "Not a valid string."),
        (#"{"event":"read"}"#, "", "invalid_frame", "seq", "This field is required."),
        (#"{"event":7,"ref":2}"#, #""ref":2,"#, "invalid_frame", "event", "Not a valid string."),
        (
            #"{"event":"x","ref":null}"#, #""ref":null,"#, "invalid_frame", "event",
            "Not one of join, leave, message, edit, typing, read, ping."
        ),
        (#"{"event":"ping","ref":true}"#, "", "invalid_frame", "ref", "Not a string or a number."),
        (#"{"event":"ping","ref":["a"]}"#, "", "invalid_frame", "ref", "Not a string or a number."),
    ])
    func `a frame that cannot be read is answered with code, field and ref`(
        text: String, ref: String, code: String, field: String, why: String
    ) throws {
        #expect(
            try Self.refusal(text)
                == "{\"ok\":false,\"event\":\"error\",\(ref)\"code\":\"\(code)\",\"errors\":{\"\(field)\":[\"\(why)\"]}}"
        )
    }

    @Test(arguments: 0..<300) func `no bytes whatever stop the reader`(seed: Int) {
        var random = Seeded(seed)
        var text = Array(#"{"event":"message","room":"a","body":"h\u00e9","client_id":"1","ref":"r"}"#.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            text[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
        }
        text = Array(text.prefix(Int.random(in: 0...text.count, using: &random)))
        if case .failure(let fault) = ClientFrame.parse(text) {
            #expect([.invalidJSON, .invalidFrame, .invalidBody].contains(fault.error.code))
        }
    }
}
