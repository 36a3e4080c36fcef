import ChatCore
import NIOCore
import NIOPosix
import Testing

@testable import ChatBus

/// How rooms are spread over servers.
@Suite struct RedisServerTests {
    private static func server(_ url: String) throws -> RedisServer {
        RedisServer(try RedisAddress(Substring(url)), on: NIOSingletons.posixEventLoopGroup.next(), prefix: "p:")
    }

    private static let rooms = (1...3_000).map { RoomID(Int64($0)) }

    private static func owners(_ servers: [RedisServer]) -> [Int?] {
        rooms.map { room in servers.indices.max { servers[$0].score(of: room) < servers[$1].score(of: room) } }
    }

    @Test func `rooms are spread evenly, and one more server moves only the rooms it gets`() throws {
        let servers = try ["a", "b", "c"].map { try Self.server("redis://\($0)") }
        let (two, three) = (Self.owners(Array(servers.prefix(2))), Self.owners(servers))
        for number in 0..<3 { #expect((900...1_100).contains(three.count { $0 == number })) }
        #expect(zip(two, three).allSatisfy { $0 == $1 || $1 == 2 })
    }

    @Test func `servers that differ in the port or the database alone share evenly, too`() throws {
        let servers = try ["redis://a:1", "redis://a:2", "redis://a:2/1"].map { try Self.server($0) }
        for number in 0..<3 { #expect((900...1_100).contains(Self.owners(servers).count { $0 == number })) }
    }

    /// All nodes must agree, whatever user they log in with and in whatever version they run.
    @Test func `a score depends on the address without credentials, and never changes`() throws {
        let (plain, secret) = (try Self.server("redis://a:7"), try Self.server("redis://bob:secret@a:7"))
        #expect(Self.rooms.allSatisfy { plain.score(of: $0) == secret.score(of: $0) })
        #expect(plain.score(of: RoomID(1)) == Self.score("redis a:7 1"))
    }

    /// The score written out.
    private static func score(_ text: String) -> UInt64 {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        hash = (hash ^ (hash >> 33)) &* 18_397_679_294_719_823_053
        return hash ^ (hash >> 33)
    }

    @Test func `a server that was never used has no fault and ends at once`() async throws {
        let server = try Self.server("redis://127.0.0.1:1")
        #expect(server.fault == nil)
        await server.end()
    }
}
