import ChatBench
import ChatClient
import ChatCore
import Glibc

/// Finds the server that `bench` measures: the one at `--server`, or a temporary one.
struct BenchServer: Sendable {
    let invocation: Invocation
    let options: BenchOptions
    let needs: ServerNeeds
    let progress: @Sendable (String) -> Void

    /// The server with what the scenario needs; its `release` removes what was made for it.
    func find() async throws(ChatError) -> ServerUnderTest {
        FileLimit.raise()
        if let server = invocation.settings["server"] { return try await existing(server) }
        return try await temporary()
    }

    private func temporary() async throws(ChatError) -> ServerUnderTest {
        progress("starting a server")
        // One core is left to the generator.
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) - 1)
        let (server, prepared) = try await ThrowAwayServer.start(invocation, threads: threads, prepare)
        do throws(ChatError) {
            return ServerUnderTest(
                try endpoint(server.url), .tokens(prepared.tokens.isEmpty ? [server.token] : prepared.tokens),
                rooms: prepared.rooms, process: ServerProcess(id: server.process.id), isTemporary: true,
                lastSeq: needs.depth, release: { await server.stop() })
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Fills the database of a temporary server.
    private func prepare(
        _ service: LocalChat
    ) async throws(ChatError) -> (rooms: [RoomName], tokens: [String]) {
        let rooms = try await Preparation.rooms(
            needs.rooms, create: service.createRoom, delete: service.deleteRoom)
        let tokens = try await Preparation.tokens(needs.users, progress: progress) { user throws(ChatError) in
            _ = try await service.createUser(user)
            return try await service.createToken(for: user.username, label: "bench", life: nil).secret
        }
        if let first = rooms.first, needs.depth > 0 {
            let author = try await service.speaking(as: try Username("admin"))
            try await Preparation.messages(needs.depth, progress: progress) { bodies throws(ChatError) in
                try await author.send(all: bodies, to: first.name)
            }
        }
        return (rooms.map(\.name), tokens)
    }

    private func existing(_ server: String) async throws(ChatError) -> ServerUnderTest {
        let endpoint = try endpoint(server)
        let process = options.serverPid.map { ServerProcess(id: $0) }
        if let cookie = invocation.environment["CHATCTL_COOKIE"] {
            let room = try RoomName(options.room ?? "general")
            return ServerUnderTest(
                endpoint, .cookie(cookie), rooms: [room], process: process, isTemporary: false, release: {})
        }
        let token = try invocation.credentials.token(for: server, invocation.settings)
        let remote = RemoteChat(address: try ServerAddress(server), token: token)
        if let room = options.room {
            let name = try RoomName(room)
            // Only where it is needed: a server that has nothing but the WebSocket protocol cannot answer.
            let lastSeq = needs.depth > 0 ? try await remote.room(named: name).lastSeq : 0
            return ServerUnderTest(
                endpoint, .tokens([token]), rooms: [name], process: process, isTemporary: false,
                lastSeq: Int(lastSeq), release: {})
        }
        let rooms = try await Preparation.rooms(
            needs.rooms, create: remote.createRoom, delete: remote.deleteRoom
        ).map(\.name)
        return ServerUnderTest(
            endpoint, .tokens([token]), rooms: rooms, process: process, isTemporary: false,
            release: { for room in rooms { try? await remote.deleteRoom(room) } })
    }

    private func endpoint(_ server: String) throws(ChatError) -> Endpoint {
        let address = try ServerAddress(server)
        guard !address.usesTLS else {
            throw ChatError(
                .usage, "bench: measures over http only", hint: "give the address of the server behind the TLS proxy")
        }
        return try Endpoint(url: address.description, host: address.host, port: address.port)
    }
}
