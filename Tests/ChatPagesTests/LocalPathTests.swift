import Testing

@testable import ChatPages

/// Where a log-in may lead.
@Suite struct LocalPathTests {
    @Test(arguments: ["/", "/chat", "/chat/room/a?before=7", "/@alice", "/search?q=a%20b"])
    func `paths of this server are taken`(path: String) { #expect(LocalPath(path)?.text == path) }

    @Test(arguments: [
        "", "chat", "//evil.example", "/\\evil.example", "https://evil.example", "/a\\b", "/\t/evil.example", "/ ",
        "/\n", "javascript:alert(1)", "/é", "\u{2f}\u{2f}x", "/a\r\nSet-Cookie: x=y",
    ])
    func `what could lead to another host is refused`(path: String) { #expect(LocalPath(path) == nil) }

    @Test func `a path has a length`() {
        #expect(LocalPath("/" + String(repeating: "a", count: 2_047)) != nil)
        #expect(LocalPath("/" + String(repeating: "a", count: 2_048)) == nil)
    }
}
