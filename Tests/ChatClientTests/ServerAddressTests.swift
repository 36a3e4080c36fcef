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

    @Test func `query values are percent-encoded`() {
        #expect(Target.api("search", query: [("q", "a b&ä/\n")]) == "/api/v1/search?q=a%20b%26%C3%A4%2F%0A")
        #expect(Target.api("users", "al.i_c-e") == "/api/v1/users/al.i_c-e")
    }
}
