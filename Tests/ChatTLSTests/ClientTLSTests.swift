import Testing

@testable import ChatTLS

@Suite struct ClientTLSTests {
    @Test(arguments: ["chat.example", "localhost", "1.2.3.4.example", "a-b"])
    func `a host name stands in SNI`(host: String) {
        #expect(ClientTLS.serverName(for: host) == host)
    }

    @Test(arguments: ["127.0.0.1", "::1", "2001:db8::7", "255.255.255.255"])
    func `an IP address does not stand in SNI`(host: String) {
        #expect(ClientTLS.serverName(for: host) == nil)
    }

    @Test(arguments: ["chat.example", "127.0.0.1", "::1"])
    func `the system's roots give a handler for names and addresses`(host: String) throws {
        _ = try ClientTLS().handler(for: host)
    }
}
