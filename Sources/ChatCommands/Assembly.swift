import ChatBus
import ChatClient
import ChatCore
import ChatPostgreSQL
import ChatSQL
import ChatSQLite
import ChatSecrets
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
        if url.hasPrefix("sqlite:"), url.count > 7 {
            return try await ChatDatabase.open(sqlite: String(url.dropFirst(7)), clock: clock, opening)
        }
        if ["postgres://", "postgresql://"].contains(where: { url.hasPrefix($0) }) {
            return try await ChatDatabase.open(postgreSQL: url, clock: clock, opening)
        }
        throw ChatError(
            .configuration, "database: '\(url.prefix { $0 != ":" })' is no database this program can open",
            hint: "use sqlite:PATH or postgres://USER@HOST/DATABASE")
    }

    /// The core on a database, with the Redis servers of the settings, where there are any.
    ///
    /// - Throws: `configuration` for what is no Redis URL.
    static func chat(
        on database: ChatDatabase, _ settings: Settings?, observer: any Observer = SilentObserver()
    ) async throws(ChatError) -> Chat {
        Chat(
            store: database.store, bus: try await bus(database, settings),
            secrets: OpenSSLKeeper(cores: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
            coder: WireCoder(), clock: database.clock, observer: observer)
    }

    private static func bus(_ database: ChatDatabase, _ settings: Settings?) async throws(ChatError) -> any Bus {
        guard let urls = settings?["redis"], !urls.isEmpty else { return database.bus }
        let addresses = try RedisAddress.list(urls)
        return RoutedBus(database: database.bus, redis: RedisBus(addresses, epoch: try await database.store.epoch()))
    }

    /// The use cases of a running server, or of the database in this process.
    static func backend(_ settings: Settings) async throws(ChatError) -> Backend {
        if let server = settings["server"] {
            let address = try ServerAddress(server)
            let token = try Credentials.token(for: server, settings)
            return Backend(service: RemoteChat(address: address, token: token), database: nil, chat: nil, speaker: nil)
        }
        let database = try await database(settings)
        let chat = try await chat(on: database, settings)
        let name = try settings["user"].map { text throws(ChatError) in try Username(text) }
        let service = try await chat.operatorService(as: name)
        return Backend(service: service, database: database, chat: chat, speaker: service.caller.user)
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
        await chat?.close()
        await database?.close()
    }
}
