import ChatClient
import ChatCore
import ChatSecrets
import ChatStorage
import ChatWire
import Glibc

/// Puts the parts together: the one place that knows which database, bus and secrets there are.
enum Assembly {
    static let clock = WallClock {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(milliseconds: Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000)
    }

    /// Opens the database of the settings.
    ///
    /// - Throws: `configuration` for a URL of no known database, and what opening throws.
    static func database(
        _ settings: Settings, _ opening: ChatDatabase.Opening = .current
    ) async throws(ChatError) -> ChatDatabase {
        let url = settings["database"] ?? ""
        guard url.hasPrefix("sqlite:"), url.count > 7 else {
            throw ChatError(
                .configuration, "database: '\(url.prefix { $0 != ":" })' is no database this program can open",
                hint: "use sqlite:PATH")
        }
        return try await ChatDatabase.open(sqlite: String(url.dropFirst(7)), clock: clock, opening)
    }

    static func chat(on database: ChatDatabase) -> Chat {
        Chat(
            store: database.store, bus: database.bus,
            secrets: OpenSSLKeeper(cores: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
            coder: WireCoder(), clock: clock)
    }

    /// The use cases of a running server, or of the database in this process.
    static func backend(_ settings: Settings) async throws(ChatError) -> Backend {
        if let server = settings["server"] {
            let address = try ServerAddress(server)
            let token = try Credentials.token(for: server, settings)
            return Backend(service: RemoteChat(address: address, token: token), database: nil, chat: nil, speaker: nil)
        }
        let database = try await database(settings)
        let chat = chat(on: database)
        var speaker: User?
        if let name = try settings["user"].map({ text throws(ChatError) in try Username(text) }) {
            guard let user = try await database.store.user(named: name) else { throw .noUser(name) }
            speaker = user
        }
        return Backend(
            service: chat.service(for: .operator(as: speaker)), database: database, chat: chat, speaker: speaker)
    }
}

/// What a command works on.
struct Backend: Sendable {
    let service: any ChatService & FollowService
    /// The opened database, nil on a server.
    let database: ChatDatabase?
    let chat: Chat?
    let speaker: User?

    /// Who the server's token belongs to, nil on a database.
    func remoteUsername() async throws(ChatError) -> Username? {
        guard let remote = service as? RemoteChat else { return nil }
        return try await remote.me().username
    }

    /// Waits for what is under way and lets go of the database.
    func close() async {
        await chat?.journal.close()
        await database?.close()
    }
}
