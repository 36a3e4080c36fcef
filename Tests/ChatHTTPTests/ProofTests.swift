import ChatHTTP
import Testing

/// Who asks, read from headers.
@Suite struct ProofTests {
    private func proof(_ authorization: String?, _ cookies: [String], usesTLS: Bool = false) -> Proof {
        Proof(authorization: authorization, cookies: cookies, cookie: SessionCookie(usesTLS: usesTLS))
    }

    @Test(
        arguments: [
            ("Bearer abc", "abc"), ("bearer abc", "abc"), ("BEARER   abc", "abc"), ("Bearer ", ""),
        ])
    func `a bearer token is read in any case`(header: String, token: String) {
        #expect(proof(header, []) == .bearer(token))
    }

    @Test(arguments: [nil, "", "Basic YTpi", "Bearer", "Token abc"])
    func `another scheme proves nothing`(header: String?) {
        #expect(proof(header, []) == .none)
        #expect(proof(header, []).token == nil)
    }

    @Test(
        arguments: [
            (["chatctl_session=abc"], "abc"), (["a=b; chatctl_session=abc; c=d"], "abc"),
            (["a=b", "chatctl_session=abc"], "abc"), (["chatctl_session=a=b"], "a=b"), (["chatctl_session="], ""),
        ])
    func `the session cookie is found among others`(cookies: [String], token: String) {
        #expect(proof(nil, cookies) == .cookie(token))
    }

    @Test(arguments: [
        [], ["chatctl_sessions=abc"], ["xchatctl_session=abc"], ["chatctl_session"], ["Chatctl_Session=a"],
    ])
    func `other cookies prove nothing`(cookies: [String]) {
        #expect(proof(nil, cookies) == .none)
    }

    @Test func `of two session cookies the first counts`() {
        #expect(proof(nil, ["chatctl_session=a; chatctl_session=b"]) == .cookie("a"))
    }

    @Test func `over TLS only the cookie counts that no other host can set`() {
        #expect(proof(nil, ["chatctl_session=a"], usesTLS: true) == .none)
        #expect(proof(nil, ["chatctl_session=a; __Host-chatctl_session=b"], usesTLS: true) == .cookie("b"))
        #expect(proof(nil, ["__Host-chatctl_session=b"]) == .none)
    }

    @Test func `a bearer token counts more than a cookie`() {
        #expect(proof("Bearer abc", ["chatctl_session=def"]).token == "abc")
    }
}
