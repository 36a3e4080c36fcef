import ChatBus
import ChatClient
import ChatCore
import ChatPostgreSQL
import ChatSQL
import ChatSQLite
import ChatSecrets
import ChatTerminal
import ChatWire
import Glibc

/// Puts the parts together: the one place that knows which database, bus and secrets there are.
enum Assembly {
    /// Opens the database of the settings.
    ///
    /// - Throws: `configuration` for a URL of no known database, and what opening throws.
    static func database(
        _ settings: Settings, _ clock: WallClock, _ opening: ChatDatabase.Opening = .current
    ) async throws(ChatError) -> ChatDatabase {
        guard let url = settings["database"] else { throw .noDatabaseNamed }
        if url.hasPrefix("sqlite:"), url.count > 7 {
            return try await ChatDatabase.open(sqlite: String(url.dropFirst(7)), clock: clock, opening)
        }
        guard isPostgreSQL(url) else { throw .unknownDatabase(url) }
        return try await ChatDatabase.open(postgreSQL: url, clock: clock, opening)
    }

    private static func isPostgreSQL(_ url: String) -> Bool {
        ["postgres://", "postgresql://"].contains { url.hasPrefix($0) }
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

    /// The path of the SQLite database of the settings; nil for PostgreSQL.
    ///
    /// - Throws: `configuration` when no database is named, or one of no known kind.
    private static func sqlitePath(_ settings: Settings) throws(ChatError) -> String? {
        guard let url = settings["database"] else { throw .noDatabaseNamed }
        if url.hasPrefix("sqlite:"), url.count > 7 { return String(url.dropFirst(7)) }
        guard isPostgreSQL(url) else { throw .unknownDatabase(url) }
        return nil
    }

    /// Copies the SQLite database of the settings to a file. Returns its length in bytes.
    ///
    /// - Throws: `usage` for PostgreSQL, which has its own means, and what the backup throws.
    static func backUp(_ settings: Settings, to file: String) async throws(ChatError) -> Int {
        guard let path = try sqlitePath(settings) else {
            throw ChatError(
                .usage, "backup: copies a SQLite database, and this one is PostgreSQL",
                hint: "use 'pg_dump --format=custom --file=FILE'")
        }
        return try await ChatDatabase.backUp(sqlite: path, to: file)
    }

    /// Makes a file the SQLite database of the settings.
    ///
    /// - Throws: `usage` for PostgreSQL, which has its own means, and what the restore throws.
    static func restore(_ settings: Settings, from file: String, _ clock: WallClock) async throws(ChatError) {
        guard let path = try sqlitePath(settings) else {
            throw ChatError(
                .usage, "restore: makes a file a SQLite database, and this one is PostgreSQL",
                hint: "use 'pg_restore --clean --dbname=DATABASE FILE', then 'chatctl migrate --new-epoch'")
        }
        try await ChatDatabase.restore(sqlite: path, from: file, clock: clock)
    }

    /// Whether the database of the default place is yet to be made, which is then said. One that was named is never made by
    /// the way: its name may be a typing error.
    private static func isFresh(_ settings: Settings, _ screen: Screen) throws(ChatError) -> Bool {
        guard settings.source(of: "database") == .fallback, let url = settings["database"], url.hasPrefix("sqlite:"),
            try !ChatDatabase.exists(sqlite: String(url.dropFirst(7)))
        else { return false }
        screen.notice("chatctl: made the database \(url.dropFirst(7))")
        return true
    }

    /// Whether the settings name a server or a database that is there; a database of another machine is taken to be.
    static func isThere(_ settings: Settings) -> Bool {
        guard settings["server"] == nil, let url = settings["database"], url.hasPrefix("sqlite:") else { return true }
        return (try? ChatDatabase.exists(sqlite: String(url.dropFirst(7)))) == true
    }

    /// The use cases of a running server, for who owns the token.
    ///
    /// - Throws: `configuration` for what is no address.
    static func remote(_ server: String, token: String, _ settings: Settings) throws(ChatError) -> Backend {
        let remote = RemoteChat(address: try ServerAddress(server), token: token)
        return Backend(server: remote, name: "server \(settings.shown("server"))")
    }

    /// The use cases of a running server, or of the database in this process.
    ///
    /// - Throws: what opening the database throws; `unauthenticated` without a token for the server.
    static func backend(
        _ settings: Settings, _ credentials: Credentials, _ context: CommandContext, _ screen: Screen
    ) async throws(ChatError) -> Backend {
        if let server = settings["server"] {
            // A typing error in the address is told before a token is looked for.
            _ = try ServerAddress(server)
            return try remote(server, token: try credentials.token(for: server, settings), settings)
        }
        // A typing error in it makes no database.
        if let urls = settings["redis"], !urls.isEmpty { _ = try RedisAddress.list(urls) }
        let database = try await database(
            settings, context.clock, try isFresh(settings, screen) ? .migrating : .current)
        do throws(ChatError) {
            let chat = try await chat(on: database, settings)
            return Backend(chat: chat, name: "database \(settings.shown("database"))", operator: context.systemUser()) {
                await database.close()
            }
        } catch {
            await database.close()
            throw error
        }
    }
}

extension Invocation {
    /// Opens the database that the settings name, and says so with `--verbose`.
    ///
    /// - Throws: `configuration`, `unavailable`.
    func openDatabase(_ opening: ChatDatabase.Opening) async throws(ChatError) -> ChatDatabase {
        screen.detail("database \(settings.shown("database"))")
        return try await Assembly.database(settings, clock, opening)
    }
}

extension ChatError {
    fileprivate static func unknownDatabase(_ url: String) -> ChatError {
        ChatError(
            .configuration, "database: '\(url.prefix { $0 != ":" })' is no database this program can open",
            hint: "use sqlite:PATH or postgres://USER@HOST/DATABASE")
    }

    fileprivate static var noDatabaseNamed: ChatError {
        ChatError(
            .configuration, "database: none named, and no folder for one: XDG_DATA_HOME and HOME are not set",
            hint: "name one with --database")
    }
}
