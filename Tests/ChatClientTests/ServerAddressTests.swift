import ChatCore
import Testing

@testable import ChatClient

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("https://Chat.example.org/", "https://chat.example.org"),
        ("http://localhost", "http://localhost"), ("https://[::1]:8443", "https://[::1]:8443"),
        ("https://chat.example.org:443", "https://chat.example.org"),
    ])
    func `an address is read and written in one form`(text: String, form: String) throws {
        #expect(try ServerAddress(text).description == form)
    }

    @Test(arguments: [
        "", "chat", "ws://h:1", "http://", "http://h:0", "http://h:65536", "http://h:x", "http://h:", "http://h/path",
        "http://u:p@h", "http://h?q", "http://[::1", "http://a b", "http://[]", "http://h:+1",
    ])
    func `anything else is refused with a hint`(text: String) {
        let error = #expect(throws: ChatError.self) { try ServerAddress(text) }
        #expect(error?.code == .configuration)
        #expect(error?.hint != nil)
        #expect(error?.message.contains("u:p") == false)
    }

    @Test(arguments: [
        ("http://h:80", "h"), ("http://h:443", "h:443"), ("https://h:443", "h"), ("https://h:80", "h:80"),
        ("http://[::1]:80", "[::1]"), ("http://[::1]:8080", "[::1]:8080"),
    ])
    func `the authority names a port only where it is not the scheme's own`(text: String, authority: String) throws {
        #expect(try ServerAddress(text).authority == authority)
    }
}
