import ChatTestKit
import FoundationEssentials
import Testing

@testable import ChatWire

@Suite struct JSONScannerTests {
    /// The members of a text, nil when it is no JSON; the second is false when it is no object.
    private static func scan(_ text: [UInt8]) -> (members: [String: String], isObject: Bool)? {
        var scanner = JSONScanner(text)
        var found: [String: String] = [:]
        let raw = JSONScanner(text)
        let isObject = try? scanner.members { found[$0] = String(decoding: raw.raw($1), as: UTF8.self) }
        return isObject.map { (found, $0) }
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "{]", "[}", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}", "{\"a\":1}}", "{\"a\":1}x", "[1,]", "[,1]", "[1 2]", "01", "-", "-01", "+1", ".5", "1.", "1.e1",
        "1e", "1e+",
        "0x1", "NaN", "Infinity", "tru", "trueх", "True", "nul", "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u+123\"", "\"\n\"", "\"\u{1f}\"", "\u{feff}{}", "{}\u{0}", "//\n{}", "{\"a\":1/**/}", "\u{a0}{}",
    ])
    func `what the grammar forbids is no JSON`(text: String) {
        #expect(Self.scan(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-0", "10", "-1.5e+10", "1E-2", "0.0", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "[]",
        "[[],{}]",
        " [ 1 , 2 ] ", "\"\u{7f}\"", "\"é漢😀\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\uD83D\\ude00\"",
    ])
    func `JSON that is no object is told from what is no JSON`(text: String) throws {
        #expect(try #require(Self.scan(Array(text.utf8))).isObject == false)
    }

    @Test func `only members of the top object are found`() throws {
        let text = "\t{ \"a\" : {\"b\":[{\"c\":1}]} ,\r\n\"d\":[\"e\"], \"f\\u0067\" : -1.50e3 }"
        let found = try #require(Self.scan(Array(text.utf8)))
        #expect(found.members == ["a": "{\"b\":[{\"c\":1}]}", "d": "[\"e\"]", "fg": "-1.50e3"])
    }

    private static func fault(_ text: String) -> JSONScanner.Fault? {
        var scanner = JSONScanner(Array(text.utf8))
        do throws(JSONScanner.Fault) { _ = try scanner.members { _, _ in } } catch { return error }
        return nil
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"{"x":{"a":1,"a":1}}"#, #"[{"b":[{"a":1,"a":null}]}]"#,
    ])
    func `a name that stands twice in an object is refused`(text: String) {
        #expect(Self.fault(text) == .repeatedName("a"))
    }

    @Test func `names of different objects and different spellings are different`() {
        #expect(Self.fault(#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"A":1,"":2}"#) == nil)
        #expect(Self.fault(#"{"\u00e9":1,"e\u0301":2}"#) == nil)
        #expect(Self.fault(#"{"\ud800":1}"#) == .notJSON)
    }

    @Test func `a repeated name is found among thousands, in a time that grows with the text`() {
        let names = (0..<10_000).map { #""n\#($0)":0"# }.joined(separator: ",")
        #expect(Self.fault("{\(names)}") == nil)
        #expect(Self.fault(#"{\#(names),"n9000":1}"#) == .repeatedName("n9000"))
    }

    @Test(
        arguments: [
            ("[]", []), ("[ ]", []), ("[1]", ["1"]),
            (#" [ "a,]" , {"b":[1,2]} ,[[]], null ]"#, [#""a,]""#, #"{"b":[1,2]}"#, "[[]]", "null"]),
        ] as [(String, [String])])
    func `the elements of an array are found`(json: String, elements: [String]) throws {
        let found = try Self.value(json) { scanner, value in
            scanner.elements(of: value)?.map { String(decoding: scanner.raw($0), as: UTF8.self) }
        }
        #expect(found == elements)
    }

    @Test(
        arguments: [("true", true), ("false", false), ("null", nil), ("1", nil), (#""true""#, nil)] as [(String, Bool?)]
    )
    func `a flag is read`(json: String, flag: Bool?) throws {
        #expect(try Self.value(json) { $0.flag(of: $1) } == flag)
    }

    @Test func `depth is bounded`() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(Self.scan(nested(64)) != nil)
        #expect(Self.fault(String(decoding: nested(65), as: UTF8.self)) == .tooDeep)
        #expect(Self.scan([UInt8](repeating: UInt8(ascii: "["), count: 60_000)) == nil)
        #expect(Self.scan(Array(String(repeating: "{\"a\":", count: 10_000).utf8)) == nil)
    }

    @Test func `UTF-16 is no JSON here`() {
        #expect(Self.scan(Array("{}".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }) == nil)
    }

    @Test(arguments: [
        ("\"a\\u00e9\\n\\/\"", "aé\n/"), ("\"\\ud83d\\uDE00!\"", "😀!"), ("\"\\u0000\"", "\0"), ("\"\"", ""),
        ("\"\\\\u0041\"", "\\u0041"),
    ])
    func `a string means what its escapes say`(json: String, meaning: String) throws {
        #expect(try Self.value(json) { $0.text(of: $1) } == meaning)
    }

    @Test(arguments: [
        "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83dx\"", "\"\\ud83d\\ud83d\"", "\"\\ude00\\ud83d\"", "\"\\ud83d\\u0041\"",
        "1",
    ])
    func `half a surrogate pair is no text`(json: String) throws {
        #expect(try Self.value(json) { $0.text(of: $1) } == nil)
    }

    @Test(
        arguments: [
            ("45", 45), ("-1", -1), ("45.0", 45), ("4.5e1", 45), ("9223372036854775807", .max),
            ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("9223372036854775807.0", .max),
            ("922337203685477580.8e1", nil), ("-922337203685477580.8e1", .min),
            ("9007199254740993.0", 9_007_199_254_740_993),
            ("0e999999999999", 0), ("-0.0", 0), ("1e18", 1_000_000_000_000_000_000), ("1e19", nil), ("1e+2", 100),
            ("100E-2", 1), ("-100e-2", -1), ("10e-2", nil), ("-1e-1", nil), ("1e-400", nil), ("0.5e1", 5),
            ("1.00000000000000000001", nil), ("1e9223372036854775807", nil), ("1e-9223372036854775808", nil),
            ("1e-2147483648", nil), ("1.5e2147483647", nil), ("1.5", nil), ("1e400", nil), ("\"1\"", nil),
            ("true", nil), ("null", nil), ("[1]", nil),
        ] as [(String, Int64?)])
    func `a whole number is read`(json: String, number: Int64?) throws {
        #expect(try Self.value(json) { $0.integer(of: $1) } == number)
    }

    @Test(arguments: 0..<200) func `a whole number is the same however it is written`(seed: Int) throws {
        var random = Seeded(seed)
        let number = Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0..<63, using: &random)
        let sign = number < 0 ? "-" : ""
        let digits = String(number.magnitude)
        let shift = Int.random(in: 0...digits.count, using: &random)
        let zeros = String(repeating: "0", count: Int.random(in: 0...3, using: &random))
        let head = shift == digits.count ? "0" : String(digits.dropLast(shift))
        let tail = digits.suffix(shift) + zeros
        let json = sign + head + (tail.isEmpty ? "" : "." + tail) + ["e\(shift)", "E+\(shift)"][seed % 2]
        #expect(try Self.value(json) { $0.integer(of: $1) } == number, "\(json)")
        let half = sign + digits + zeros + "1e-\(zeros.count + 1)"
        #expect(try Self.value(half) { $0.integer(of: $1) } == nil, "\(half)")
    }

    @Test(arguments: 0..<200) func `damaged JSON is judged as a general decoder judges it`(seed: Int) {
        var random = Seeded(seed)
        var text = Array(#"{"a":[1,-2.5e3,"x\u00e9\n"],"b":{"c":null},"d":true,"e":"","f":0}"#.utf8)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            text[Int.random(in: 0..<text.count, using: &random)] =
                "{}[],:\"\\0123456789eE+-.tfnu ax\n".utf8.randomElement(using: &random) ?? 0
        }
        let string = String(decoding: text, as: UTF8.self)
        // The general decoder takes one of two equal names.
        if case .repeatedName = Self.fault(string) { return }
        #expect((Self.scan(text) != nil) == Self.isJSON(text), "\(string)")
    }

    private static func value<Answer>(_ json: String, _ read: (JSONScanner, JSONScanner.Value) -> Answer?) throws
        -> Answer?
    {
        var scanner = JSONScanner(Array("{\"a\":\(json)}".utf8))
        var value: JSONScanner.Value?
        #expect(try scanner.members { value = $1 })
        return read(scanner, try #require(value))
    }

    private static func isJSON(_ text: [UInt8]) -> Bool {
        (try? JSONDecoder().decode(Anything.self, from: Data(text))) != nil
    }
}

/// Any JSON value, read to its last leaf.
private struct Anything: Decodable {
    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Name.self) {
            for name in object.allKeys { _ = try object.decode(Anything.self, forKey: name) }
        } else if var array = try? decoder.unkeyedContainer() {
            while !array.isAtEnd { _ = try array.decode(Anything.self) }
        } else {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() || (try? value.decode(Bool.self)) != nil || (try? value.decode(String.self)) != nil {
                return
            }
            _ = try value.decode(Double.self)
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }
}
