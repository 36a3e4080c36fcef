import ChatCore
import Testing

@testable import ChatBus

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
        ("redis://:p@ss@host", "p@ss"), ("redis://:p/s@host", "p/s"), ("redis://:p#s?t@host", "p#s?t"),
        ("redis://:p:s@host", "p:s"), ("redis://:p%2Fs%25@host", "p/s%"), ("redis://:gr%C3%BCn@host", "grün"),
        ("redis://:grün@host", "grün"), ("redis://:@host", ""),
    ])
    func `a password may have any characters`(url: String, password: String) throws {
        let address = try RedisAddress(Substring(url))
        #expect(address.password == password && address.host == "host" && address.user == nil)
    }

    @Test func `a user may have no password, and a scheme any case`() throws {
        let address = try RedisAddress("REDISS://bob@cache/2")
        #expect(address.usesTLS && address.user == "bob" && address.password == nil && address.database == 2)
    }

    @Test func `the description has no credentials, and leaves out the database 0`() throws {
        #expect(try RedisAddress("redis://bob:secret@cache:7/0").description == "redis cache:7")
        #expect(try RedisAddress("redis://bob:secret@cache:7/12").description == "redis cache:7/12")
    }

    @Test func `a server may be named twice with two databases, and not with two passwords`() throws {
        #expect(try RedisAddress.list("redis://a/1,redis://a/2").count == 2)
        let error = #expect(throws: ChatError.self) { try RedisAddress.list("redis://:x@a,redis://:y@a") }
        #expect(error?.code == .configuration && error?.message.contains("x") == false)
    }

    @Test(arguments: [
        "", "redis:", "http://a", "redis://", "redis://a:0", "redis://a:70000", "redis://a/x", "redis://a,",
        "redis://[::1", "redis://u:%zz@a", "redis://u:%4@a", "redis://a,redis://a", "redis://a:x", "redis://a:-1",
        "redis://::1", "redis://[::1]x", "redis://a/-1", "redis://a/99999999999999999999",
    ])
    func `anything else is refused without repeating it`(text: String) {
        let error = #expect(throws: ChatError.self) { try RedisAddress.list(text) }
        #expect(error?.code == .configuration)
        #expect(["redis: not a Redis URL", "redis: a server is named twice"].contains(error?.message))
    }
}
