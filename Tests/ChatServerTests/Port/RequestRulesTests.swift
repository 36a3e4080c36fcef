import ChatCore
import NIOHTTP1
import Testing

@testable import ChatServer

/// Which heads are taken, and what of them decides about the answer.
@Suite struct RequestRulesTests {
    private func head(
        _ uri: String = "/", _ fields: HTTPHeaders = ["Host": "x"], method: HTTPMethod = .GET,
        version: HTTPVersion = .http1_1
    ) -> HTTPRequestHead {
        HTTPRequestHead(version: version, method: method, uri: uri, headers: fields)
    }

    private func isTaken(_ head: HTTPRequestHead) -> Bool {
        (try? RequestRules.checked(head)) != nil
    }

    // MARK: Host

    @Test(arguments: [
        "x", "chat.example", "chat.example:8080", "chat.example:", "127.0.0.1:1", "[::1]", "[::1]:8080", "a_b%20c",
        "[::ffff:10.0.0.1]:80",
    ])
    func `a host may have a port`(host: String) {
        #expect(isTaken(head("/", ["Host": host])))
    }

    @Test(arguments: [
        "", ":80", "a b", "a/b", "a@b", "a:b", "a:80:90", "[::1", "[::1]x", "[x]", "a,b", "a?", "a#b", "é", "a:-1",
        "a\u{0}",
    ])
    func `what is no host is refused`(host: String) {
        #expect(isTaken(head("/", ["Host": host])) == (host == "a,b"))
    }

    @Test func `exactly one host is needed, in HTTP 1_0 at most one`() {
        #expect(!isTaken(head("/", [:])))
        #expect(!isTaken(head("/", ["Host": "a", "host": "a"])))
        #expect(isTaken(head("/", [:], version: .http1_0)))
        #expect(!isTaken(head("/", ["Host": "a", "host": "b"], version: .http1_0)))
    }

    // MARK: Targets

    @Test(arguments: [
        ("http://chat.example/a?b=c", "chat.example", "/a?b=c"), ("HTTPS://x:8", "x:8", "/"),
        ("http://[::1]:1?q", "[::1]:1", "/?q"), ("http://x/", "x", "/"),
    ])
    func `an absolute target brings its own host`(uri: String, host: String, target: String) throws {
        let checked = try RequestRules.checked(head(uri, ["Host": "other"]))
        #expect(checked.uri == target && checked.headers["host"] == [host])
        #expect(!isTaken(head(uri, [:])))
    }

    @Test(arguments: ["", "a", "ftp://x/", "http://", "http:///a", "http://a@b/", "x:443", "*"])
    func `other targets are refused`(uri: String) {
        #expect(!isTaken(head(uri)))
    }

    @Test func `a star is a target for OPTIONS`() {
        #expect(isTaken(head("*", method: .OPTIONS)))
    }

    // MARK: The end of the body

    @Test(arguments: ["chunked", "Chunked"]) func `chunks are taken`(coding: String) {
        #expect(isTaken(head("/", ["Host": "x", "Transfer-Encoding": coding])))
    }

    @Test(arguments: [
        "gzip, chunked", "chunked, chunked", "chunked, gzip", "gzip", "identity", "", "chunked;q=1", "xchunked",
        "\u{b}chunked", "chunked\t",
    ])
    func `any other coding is refused`(coding: String) {
        #expect(!isTaken(head("/", ["Host": "x", "Transfer-Encoding": coding])))
    }

    @Test func `one end, told in one way`() {
        let twice: HTTPHeaders = ["Host": "x", "Transfer-Encoding": "chunked", "transfer-encoding": "chunked"]
        #expect(!isTaken(head("/", twice)))
        #expect(!isTaken(head("/", ["Host": "x", "Transfer-Encoding": "chunked", "Content-Length": "3"])))
        #expect(!isTaken(head("/", ["Host": "x", "Transfer-Encoding": "chunked"], version: .http1_0)))
        #expect(isTaken(head("/", ["Host": "x", "Content-Length": "3"], version: .http1_0)))
    }

    // MARK: Facts

    @Test(
        arguments: [
            ([:], false), (["Connection": "keep-alive"], false), (["Connection": "close"], true),
            (["Connection": "Keep-Alive, Close"], true), (["Connection": "x", "connection": "close"], true),
            (["Connection": "closed"], false),
        ] as [(HTTPHeaders, Bool)])
    func `a client says in any case that a request is the last one`(fields: HTTPHeaders, isLast: Bool) {
        #expect(RequestFacts(head("/", fields)).isLast == isLast)
    }

    @Test func `HTTP 1_0 has one request in a connection and no interim answer`() {
        let facts = RequestFacts(
            head("/", ["Connection": "keep-alive", "Expect": "100-continue"], version: .http1_0))
        #expect(facts.isOld && facts.isLast && !facts.awaitsInvitation)
    }

    @Test(
        arguments: [
            ([:], false), (["Upgrade": "h2c"], false), (["Connection": "Upgrade"], false),
            (["Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings"], true),
            (["Upgrade": "x", "Connection": "foo upgrade"], true),
        ] as [(HTTPHeaders, Bool)])
    func `what any reader may take for an upgrade asks for one`(fields: HTTPHeaders, asks: Bool) {
        #expect(RequestRules.asksForUpgrade(head("/", fields)) == asks)
    }

    @Test func `who expects 100 waits with the body`() {
        #expect(RequestFacts(head("/", ["Expect": "100-Continue"])).awaitsInvitation)
        #expect(!RequestFacts(head("/", ["Expect": "200-ok"])).awaitsInvitation)
    }
}
