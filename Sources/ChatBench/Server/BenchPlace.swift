import ChatClient
import ChatCore
import Glibc

/// The server that is measured, and what a scenario needs there.
struct BenchPlace {
    enum Proof {
        /// Connection n takes the token n of these, from the beginning again when they are used up.
        case tokens([String])
        /// The value of a `Cookie` header.
        case cookie(String)
    }

    let url: String
    let authority: String
    let address: sockaddr_in
    let proof: Proof
    let rooms: [String]
    /// The server's process where it is known, for its CPU and memory.
    let process: ServerProcess?
    let tidyUp: @Sendable () async -> Void
    /// Messages in the first room.
    var lastSeq = 0

    /// - Throws: `usage` for https, `unavailable` for a host that is not known.
    init(
        _ server: ServerAddress, proof: Proof, rooms: [String], process: ServerProcess?,
        tidyUp: @escaping @Sendable () async -> Void
    ) throws(ChatError) {
        guard !server.usesTLS else {
            throw ChatError(
                .usage, "bench: measures over http only", hint: "name the server's address behind the proxy")
        }
        url = server.description
        authority = server.host + ":\(server.port)"
        address = try Self.resolve(server)
        self.proof = proof
        self.rooms = rooms
        self.process = process
        self.tidyUp = tidyUp
    }

    var tokenOfFirst: String? {
        if case .tokens(let tokens) = proof { tokens.first } else { nil }
    }

    private static func resolve(_ server: ServerAddress) throws(ChatError) -> sockaddr_in {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(server.host, String(server.port), &hints, &list) == 0, let first = list,
            let found = first.pointee.ai_addr
        else { throw ChatError(.unavailable, "server \(server): the host is not known") }
        defer { freeaddrinfo(list) }
        return found.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee }
    }
}
