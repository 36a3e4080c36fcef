import ChatBus
import ChatCore
import Testing

@Suite struct RedisAddressTests {
    @Test func `a URL gives its parts`() throws {
        let address = try RedisAddress("rediss://bob:p%40ss%3Aword@[::1]:7000/3")
        #expect(address.usesTLS && address.host == "::1" && address.port == 7_000 && address.database == 3)
        #expect(address.user == "bob" && address.password == "p@ss:word")
        #expect(address.description == "redis [::1]:7000/3")
    }

    @Test func `port, user and number may be left out`() throws {
        let address = try RedisAddress("redis://:secret@cache")
        #expect(!address.usesTLS && address.port == 6_379 && address.database == 0)
        #expect(address.user == nil && address.password == "secret")
    }

    @Test func `several stand between commas`() throws {
        #expect(try RedisAddress.list("redis://a, redis://b:7").map(\.description) == ["redis a:6379", "redis b:7"])
    }

    @Test(arguments: [
        "", "redis:", "http://a", "redis://", "redis://a:0", "redis://a:70000", "redis://a/x", "redis://a,",
        "redis://[::1",
        "redis://u:%zz@a", "redis://a,redis://a",
    ])
    func `anything else is refused without repeating it`(text: String) {
        let error = #expect(throws: ChatError.self) { try RedisAddress.list(text) }
        #expect(error?.code == .configuration)
    }
}
