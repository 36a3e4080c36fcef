import ChatHTTP
import Testing

/// Who asks, read from headers.
@Suite struct ProofTests {
    @Test(
        arguments: [
            ("Bearer abc", "abc"), ("bearer abc", "abc"), ("BEARER   abc", "abc"), ("Bearer ", ""),
        ])
    func `a bearer token is read in any case`(header: String, token: String) {
        #expect(Proof(authorization: header, cookies: []) == .bearer(token))
    }

    @Test(arguments: [nil, "", "Basic YTpi", "Bearer", "Token abc"])
    func `another scheme proves nothing`(header: String?) {
        #expect(Proof(authorization: header, cookies: []) == .none)
        #expect(Proof(authorization: header, cookies: []).token == nil)
    }

    @Test(
        arguments: [
            (["chatctl_session=abc"], "abc"), (["a=b; chatctl_session=abc; c=d"], "abc"),
            (["a=b", "chatctl_session=abc"], "abc"), (["chatctl_session=a=b"], "a=b"), (["chatctl_session="], ""),
        ])
    func `the session cookie is found among others`(cookies: [String], token: String) {
        #expect(Proof(authorization: nil, cookies: cookies) == .cookie(token))
    }

    @Test(arguments: [
        [], ["chatctl_sessions=abc"], ["xchatctl_session=abc"], ["chatctl_session"], ["Chatctl_Session=a"],
    ])
    func `other cookies prove nothing`(cookies: [String]) {
        #expect(Proof(authorization: nil, cookies: cookies) == .none)
    }

    @Test func `of two session cookies the first counts`() {
        #expect(Proof(authorization: nil, cookies: ["chatctl_session=a; chatctl_session=b"]) == .cookie("a"))
    }

    @Test func `a bearer token counts more than a cookie`() {
        #expect(Proof(authorization: "Bearer abc", cookies: ["chatctl_session=def"]).token == "abc")
    }
}
