import ChatClient
import ChatCore
import Glibc

/// What a scenario needs at the place where it measures.
struct BenchNeeds: Sendable {
    let rooms: Int
    /// Different users for the connections; only on a temporary server, elsewhere all are the caller.
    var users = 0
    /// Messages in the first room of a temporary server.
    var depth = 0
}

extension BenchPlace {
    /// The server that the settings name, with rooms of its own unless one is named, or a temporary one.
    static func find(
        _ session: Invocation, _ options: BenchOptions, _ needs: BenchNeeds
    ) async throws(ChatError) -> BenchPlace {
        FileLimit.raise()
        if let server = session.settings["server"] { return try await existing(server, session, options, needs) }
        session.screen.progress("starting a server")
        let names = try names(needs.rooms)
        // One core is the generator's.
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) - 1)
        let (server, tokens) = try await ThrowAwayServer.start(session, threads: threads) { service throws(ChatError) in
            try await prepare(service, names, needs) { session.screen.progress($0) }
        }
        do throws(ChatError) {
            var place = try BenchPlace(
                try ServerAddress(server.url), proof: .tokens(tokens.isEmpty ? [server.token] : tokens),
                rooms: names.map(\.text), process: ServerProcess(id: server.process.id),
                tidyUp: { await server.stop() })
            place.lastSeq = needs.depth
            return place
        } catch {
            await server.stop()
            throw error
        }
    }

    private static func names(_ count: Int) throws(ChatError) -> [RoomName] {
        let run = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        var names: [RoomName] = []
        for number in 0..<count { names.append(try RoomName("bench-\(run)-\(number)")) }
        return names
    }

    private static func existing(
        _ server: String, _ session: Invocation, _ options: BenchOptions, _ needs: BenchNeeds
    ) async throws(ChatError) -> BenchPlace {
        let address = try ServerAddress(server)
        let process = options.serverPid.map { ServerProcess(id: $0) }
        if let cookie = session.environment["CHATCTL_COOKIE"] {
            return try BenchPlace(
                address, proof: .cookie(cookie), rooms: [options.room ?? "general"], process: process, tidyUp: {})
        }
        let token = try session.credentials.token(for: server, session.settings)
        let remote = RemoteChat(address: address, token: token)
        if let room = options.room {
            // Asked only where it is needed: a server that speaks the WebSocket protocol alone has no answer.
            let lastSeq = needs.depth > 0 ? try await remote.room(named: try RoomName(room)).lastSeq : 0
            var place = try BenchPlace(
                address, proof: .tokens([token]), rooms: [room], process: process, tidyUp: {})
            place.lastSeq = Int(lastSeq)
            return place
        }
        let names = try names(needs.rooms)
        for name in names {
            _ = try await remote.createRoom(NewRoom(name: name, isPrivate: false, topic: "", members: []))
        }
        return try BenchPlace(
            address, proof: .tokens([token]), rooms: names.map(\.text), process: process,
            tidyUp: { for name in names { try? await remote.deleteRoom(name) } })
    }

    /// Rooms, users and messages of a temporary server; the users' tokens.
    private static func prepare(
        _ service: LocalChat, _ rooms: [RoomName], _ needs: BenchNeeds, _ progress: (String) -> Void
    ) async throws(ChatError) -> [String] {
        var first: Room?
        for name in rooms {
            let made = try await service.createRoom(NewRoom(name: name, isPrivate: false, topic: "", members: []))
            first = first ?? made
        }
        var tokens: [String] = []
        for number in 0..<needs.users {
            let name = try Username("user-\(number)")
            _ = try await service.createUser(NewUser(username: name, displayName: nil, role: .user, password: nil))
            tokens.append(try await service.createToken(for: name, label: "bench", life: nil).secret)
            if number.isMultiple(of: 500) { progress("preparing: \(number) of \(needs.users) users") }
        }
        if let first, needs.depth > 0 { try await fill(first, service, needs.depth, progress) }
        return tokens
    }

    private static func fill(
        _ room: Room, _ service: LocalChat, _ depth: Int, _ progress: (String) -> Void
    ) async throws(ChatError) {
        let author = try await service.user(named: try Username("admin")).author
        for start in stride(from: 0, to: depth, by: Limits.journalBatch) {
            var drafts: [Draft] = []
            for number in start..<min(depth, start + Limits.journalBatch) {
                let body = try MessageBody(
                    String(decoding: Marker(stream: 0, number: number).body(size: 128), as: UTF8.self))
                drafts.append(Draft(room: room.id, author: author, body: body, clientID: nil))
            }
            _ = try await service.chat.store.append(drafts, at: service.chat.clock.now()).settled()
            if start.isMultiple(of: 20 * Limits.journalBatch) { progress("preparing: \(start) of \(depth) messages") }
        }
    }
}
