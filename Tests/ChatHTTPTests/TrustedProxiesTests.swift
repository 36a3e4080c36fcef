import ChatCore
import Testing

@testable import ChatHTTP

/// Whose word counts for where a request came from.
@Suite struct TrustedProxiesTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.128.0.0/9", "10.127.0.1", false),
        ("10.128.0.0/9", "10.128.0.1", true), ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
        ("0.0.0.0/0", "203.0.113.7", true), ("0.0.0.0/0", "::1", false), ("::/0", "fd00::1", true),
        ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("10.0.0.0/8", "unknown", false), ("10.0.0.0/8", "", false),
    ])
    func `an address is in a network or not`(network: String, address: String, isTrusted: Bool) throws {
        #expect(try TrustedProxies([network]).trusts(address) == isTrusted)
    }

    @Test(arguments: [
        "", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "10.0.0/8", "::/129", "/8",
    ])
    func `what is no network is refused`(text: String) {
        #expect(throws: ChatError.self) { try TrustedProxies([text]) }
    }

    @Test(
        arguments: [
            // Nobody but a trusted proxy is believed.
            ("203.0.113.7", ["1.2.3.4"], "203.0.113.7"), ("10.0.0.1", [], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            // The client wrote the first one itself.
            ("10.0.0.1", ["1.2.3.4, 203.0.113.7"], "203.0.113.7"),
            ("10.0.0.1", ["1.2.3.4", " 203.0.113.7 , 10.9.9.9"], "203.0.113.7"),
            ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
            ("10.0.0.1", ["203.0.113.7, nonsense"], "10.0.0.1"), ("10.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ] as [(String, [String], String)])
    func `the client is the last who is no trusted proxy`(peer: String, header: [String], client: String) throws {
        #expect(try TrustedProxies(["10.0.0.0/8"]).client(of: peer, forwardedFor: header) == client)
        #expect(TrustedProxies().client(of: peer, forwardedFor: header) == peer)
    }
}
