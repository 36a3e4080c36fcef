import ChatCore
import ChatTerminal
import ChatTestKit
import ChatWire
import Foundation

@testable import ChatCommands

/// What a command line printed and ended with.
struct Outcome: Sendable, Equatable {
    let status: Int32
    let output: String
    let error: String
}

/// An installation in this process: a temporary database with the people and rooms most tests need, a clock that stands
/// still, secrets that are known, and the command line on it.
final class Installation: Sendable {
    let folder: TemporaryFolder
    let clock: TestClock
    let backend: Backend
    /// The core behind the lent backend.
    let chat: Chat
    /// A second one on the same database: what another process would do.
    let other: Backend

    init() async throws {
        folder = try TemporaryFolder()
        clock = TestClock()
        try await Self.template.value.write(to: URL(filePath: folder.path + "/chat.db"))
        (chat, backend) = try await Self.open(folder, clock.wall, isNew: false)
        (_, other) = try await Self.open(folder, clock.wall, isNew: false)
    }

    func close() async {
        await backend.close()
        await other.close()
    }

    /// Runs a command line on the lent backend, or as another process would.
    func run(
        _ arguments: [String], input: String = "", bytes: [UInt8] = [],
        environment: Environment = ["HOME": "/home/alice"], output: BufferOutput = BufferOutput(),
        signals: Signals = .none, elsewhere: Bool = false
    ) async -> Outcome {
        let error = BufferOutput()
        let context = CommandContext(
            output: output, error: error, input: TextInput([Array(input.utf8) + bytes].filter { !$0.isEmpty }),
            environment: environment, signals: signals, clock: clock.wall, lent: elsewhere ? other : backend)
        let status = await Program.run(arguments, in: context)
        return Outcome(status: status, output: output.text, error: error.text)
    }

    // MARK: The template

    /// The database that all installations begin as; made once, because a commit waits for the disk.
    private static let template = Task {
        let folder = try TemporaryFolder()
        let (chat, backend) = try await open(folder, TestClock().wall, isNew: true)
        try await fill(chat.service(for: .operator(as: nil)), chat)
        // The last connection that closes writes the log back into the file.
        await backend.close()
        return try Data(contentsOf: URL(filePath: folder.path + "/chat.db"))
    }

    private static func open(
        _ folder: TemporaryFolder, _ clock: WallClock, isNew: Bool
    ) async throws -> (Chat, Backend) {
        let options = try GlobalOptions.parse(["--database", "sqlite:\(folder.path)/chat.db"])
        let settings = try Settings(options, [:], file: ConfigurationFile.Content(), Folders([:]))
        let database = try await Assembly.database(settings, clock, isNew ? .migrating : .current)
        let chat = Chat(
            store: database.store, bus: database.bus, secrets: KnownSecrets(), coder: WireCoder(), clock: clock)
        return (chat, Backend(chat: chat, name: "database of the tests") { await database.close() })
    }

    private static func fill(_ service: LocalChat, _ chat: Chat) async throws {
        for (name, role) in [("root", SiteRole.admin), ("alice", .user), ("bob", .user)] {
            _ = try await service.createUser(
                NewUser(username: Username(name), displayName: nil, role: role, password: nil))
        }
        let red = try RoomName("red")
        _ = try await service.createRoom(
            NewRoom(name: red, isPrivate: true, topic: "Warm", members: [Username("alice")]))
        for (name, body) in [("alice", "hello"), ("bob", "100% sure"), ("alice", "two\nlines")] {
            let user = try await service.user(named: Username(name))
            _ = try await chat.service(for: .operator(as: user)).send(
                MessageBody(body), to: RoomName("general"), clientID: nil)
        }
        _ = try await service.createToken(for: Username("bob"), label: "laptop", life: .seconds(30 * 86_400))
    }
}

/// Runs `work` on an installation of its own.
func withInstallation<Result>(_ work: (Installation) async throws -> Result) async throws -> Result {
    let installation = try await Installation()
    do {
        let result = try await work(installation)
        await installation.close()
        return result
    } catch {
        await installation.close()
        throw error
    }
}

/// Secrets that are the same in each run. Nothing is kept secret by them.
private struct KnownSecrets: SecretKeeper {
    func hash(password: String) async throws(ChatError) -> String { "hash of \(password)" }
    func verify(password: String, hash: String?) async throws(ChatError) -> Bool { hash == "hash of \(password)" }
    func newToken() throws(ChatError) -> String { "chat_token" }
    func digest(token: String) -> [UInt8] {
        // Different for each call, as tokens are: the database refuses a second one.
        Array("\(token) \(UInt64.random(in: 0...UInt64.max))".utf8)
    }
    func csrfToken(of token: String) -> String { "csrf of \(token)" }
}
