import ChatCore
import ChatWire
import Testing

@testable import ChatHTTP

/// How a query is decoded, and checked against the parameters of its route.
@Suite struct QueryTests {
    @Test(
        arguments: [
            ("q=two+words", "two words"), ("q=two%20words", "two words"), ("q=a%2Bb", "a+b"), ("q=%C3%A9", "é"),
            ("q=", ""), ("q", ""), ("q=a=b", "a=b"), ("&&q=x&", "x"), ("%71=x", "x"), ("p=1&q=2", "2"), ("", nil),
            ("Q=x", nil),
        ] as [(String, String?)])
    func `a value is decoded as forms encode it`(text: String, value: String?) throws {
        #expect(try Query(text[...])["q"] == value)
    }

    @Test(arguments: ["q=%", "q=%4", "q=%zz", "q=%ff", "%ff=1", "q=%c3", "q=1&q=2", "q=1&%71=2"])
    func `what can be read in two ways or in none is refused`(text: String) {
        #expect(throws: ChatError.self) { try Query(text[...]) }
    }

    private static let known = [
        QueryParameter("limit", .number(1...10), ""), QueryParameter("kind", .choice(["a", "b"]), ""),
        QueryParameter("q", .anyText, "", isRequired: true),
    ]

    @Test(
        arguments: [
            ("q=x", nil), ("q=x&limit=10&kind=b", nil), ("limit=5", "q"), ("q=x&limit=0", "limit"),
            ("q=x&limit=11", "limit"), ("q=x&limit=", "limit"), ("q=x&limit=+5", "limit"), ("q=x&limit=%2B5", "limit"),
            ("q=x&limit=5.0", "limit"), ("q=x&limit=9223372036854775808", "limit"), ("q=x&limit=٣", "limit"),
            ("q=x&kind=c", "kind"), ("q=x&lmit=5", "lmit"),
        ] as [(String, String?)])
    func `a parameter that is unknown, missing or out of range is named`(text: String, field: String?) throws {
        let query = try Query(text[...])
        var found: String?
        do throws(ChatError) { try query.require(Self.known) } catch { found = error.fields.keys.first }
        #expect(found == field)
    }
}
