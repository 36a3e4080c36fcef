import Testing

@testable import ChatBench

@Suite struct MarkerTests {
    private static func find(_ text: String, hint: inout Int) -> Marker? {
        Array(text.utf8).withUnsafeBytes { Marker.find(in: $0, hint: &hint) }
    }

    private static func find(_ text: String) -> Marker? {
        var hint = 0
        return find(text, hint: &hint)
    }

    @Test func `a marker is found at any offset and leaves a hint for the next one`() {
        var hint = 0
        let body = String(decoding: Marker(stream: 12, number: 345).body(size: 40), as: UTF8.self)
        #expect(Self.find("{\"message\":{\"body\":\"\(body)\"}}", hint: &hint) == Marker(stream: 12, number: 345))
        #expect(hint == 20)
        #expect(Self.find("{\"body\":\"\(body)\"}", hint: &hint) == Marker(stream: 12, number: 345))
        #expect(hint == 9)
    }

    @Test(arguments: [0, 7, 8, 40, 128]) func `a body has the size asked for, but holds at least its marker`(size: Int)
    {
        let body = Marker(stream: 3, number: 4567).body(size: size)
        #expect(body.count == max(size, 8))
        #expect(Self.find(String(decoding: body, as: UTF8.self)) == Marker(stream: 3, number: 4567))
    }

    @Test(arguments: ["", "~", "~1", "~1:", "~1:2", "~:2~", "~1:~", "~a:1~", "~1:-2~", "no marker at all", "~~~"])
    func `other text is not taken for a marker`(text: String) {
        #expect(Self.find(text) == nil)
    }

    @Test func `a false start does not hide the marker behind it`() {
        #expect(Self.find("a~b ~1:x~2:3~") == Marker(stream: 2, number: 3))
    }

    @Test func `a number has at most fifteen digits, so none can overflow`() {
        #expect(
            Self.find("~999999999999999:999999999999999~")
                == Marker(stream: 999_999_999_999_999, number: 999_999_999_999_999))
        #expect(Self.find("~1:1000000000000000~") == nil)
        #expect(Self.find("~1:99999999999999999999999~") == nil)
    }
}
