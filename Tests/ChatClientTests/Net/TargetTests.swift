import ChatCore
import Testing

@testable import ChatClient

@Suite struct TargetTests {
    @Test(arguments: [
        ("al.i_c-e~9Z", "al.i_c-e~9Z"), ("a b", "a%20b"), ("a+b&c=d?e#f", "a%2Bb%26c%3Dd%3Fe%23f"),
        ("ä漢😀", "%C3%A4%E6%BC%A2%F0%9F%98%80"), ("/..\n%", "%2F..%0A%25"), ("\u{0}\u{f}\u{7f}", "%00%0F%7F"), ("", ""),
    ])
    func `all but the unreserved characters are encoded`(text: String, encoded: String) {
        #expect(Target.encoded(text) == encoded)
    }

    @Test func `a target is a path of encoded parts and a query of encoded values`() {
        #expect(Target.api("rooms") == "/api/v1/rooms")
        #expect(Target.api("rooms", "a/b", "messages") == "/api/v1/rooms/a%2Fb/messages")
        #expect(Target.api("search", query: [("q", "a b"), ("limit", "5")]) == "/api/v1/search?q=a%20b&limit=5")
    }

    @Test(arguments: [
        ("/api/v1/rooms/red", "red", nil), ("/api/v1/rooms/red/messages?limit=5", "red", nil),
        ("/api/v1/rooms/members/members/bob", "members", "bob"), ("/api/v1/rooms/red/kick/members", "red", "members"),
        ("/api/v1/users/rooms/tokens", nil, "rooms"), ("/api/v1/rooms", nil, nil), ("/api/v1/direct/bob", nil, "bob"),
    ])
    func `a target says which room and user it names`(target: String, room: String?, user: String?) {
        #expect(Target.room(in: target)?.text == room)
        #expect(Target.user(in: target)?.text == user)
    }
}
