import ChatCore
import ChatSQL
import ChatSQLite
import Glibc

/// A server process on a free port with a temporary database, for one command.
struct ThrowAwayServer: Sendable {
    let url: String
    /// Of an administrator.
    let token: String
    let process: ChildProcess
    let folder: String
    /// Makes the server end when this process does, however that ends.
    let lifeline: Lifeline

    /// - Throws: `unavailable` when the server does not come up.
    static func start(_ invocation: Invocation) async throws(ChatError) -> ThrowAwayServer {
        try await start(invocation) { _ in }.server
    }

    /// Starts a server and has `prepare` fill its database.
    ///
    /// - Parameter threads: of the server; 0 for as many as cores.
    /// - Throws: what `prepare` throws, `unavailable` when the server does not come up.
    static func start<Prepared: Sendable>(
        _ invocation: Invocation, threads: Int = 0, _ prepare: (LocalChat) async throws(ChatError) -> Prepared
    ) async throws(ChatError) -> (server: ThrowAwayServer, prepared: Prepared) {
        var template = Array("\(invocation.environment["TMPDIR"] ?? "/tmp")/chatctl-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ChatError(.configuration, "temporary folder: \(String(cString: strerror(errno)))")
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The server comes first: from then on it sees to it that nothing is left of the folder.
        let running: Running
        do throws(ChatError) {
            running = try launch(command(in: folder, threads: threads), invocation.environment)
        } catch {
            removeFiles(in: folder)
            throw error
        }
        do throws(ChatError) {
            let (token, prepared) = try await database(in: folder, invocation.clock, prepare)
            return (
                ThrowAwayServer(
                    url: running.url, token: token, process: running.process, folder: folder,
                    lifeline: running.lifeline), prepared
            )
        } catch {
            await end(running.process, running.lifeline, folder)
            throw error
        }
    }

    /// The user whose token it is, also where the configuration file names another speaker.
    private static let administrator = "admin"

    private struct Running {
        let url: String
        let process: ChildProcess
        let lifeline: Lifeline
    }

    /// Ends the server and removes its database.
    func stop() async {
        await Self.end(process, lifeline, folder)
    }

    private static func end(_ process: ChildProcess, _ lifeline: Lifeline, _ folder: String) async {
        lifeline.part()
        process.terminate()
        _ = await process.wait()
        removeFiles(in: folder)
    }

    private static func database<Prepared: Sendable>(
        in folder: String, _ clock: WallClock, _ prepare: (LocalChat) async throws(ChatError) -> Prepared
    ) async throws(ChatError) -> (token: String, prepared: Prepared) {
        let database = try await ChatDatabase.open(sqlite: "\(folder)/chat.db", clock: clock, .current)
        let service = try await Assembly.chat(on: database, nil).service(for: .operator(as: nil))
        do throws(ChatError) {
            let name = try Username(administrator)
            _ = try await service.createUser(NewUser(username: name, displayName: nil, role: .admin, password: nil))
            let issued = try await service.createToken(for: name, label: "throw-away", life: nil)
            let prepared = try await prepare(service)
            await database.close()
            return (issued.secret, prepared)
        } catch {
            await database.close()
            throw error
        }
    }

    /// This program as a server, whatever the environment and the configuration file name.
    static func command(in folder: String, threads: Int) -> [String] {
        [
            "/proc/self/exe", "serve", "--port", "0", "--database", "sqlite:\(folder)/chat.db", "--redis", "",
            "--server", "", "--profile", "", "--threads", String(threads), "--throw-away", folder,
        ]
    }

    /// The variables of a command that is to work on this server.
    func environment(in environment: Environment) -> Environment {
        environment.setting([
            "CHATCTL_SERVER": url, "CHATCTL_TOKEN": token, "CHATCTL_USER": Self.administrator,
            Descendants.variable: folder,
        ])
    }

    private static func launch(
        _ command: [String], _ environment: Environment
    ) throws(ChatError) -> Running {
        let (output, input) = (try pipe(), try pipe())
        let lifeline = Lifeline(descriptor: input.writes)
        defer { close(output.reads) }
        let started = Result { () throws(ChatError) in
            try ChildProcess.start(command, environment, input: input.reads, output: output.writes, isApart: true)
        }
        for end in [output.writes, input.reads] { close(end) }
        let process = try started.get()
        guard let line = firstLine(of: output.reads), let url = address(in: line) else {
            process.terminate()
            throw ChatError(.unavailable, "server: it did not come up")
        }
        return Running(url: url, process: process, lifeline: lifeline)
    }

    private static func pipe() throws(ChatError) -> (reads: Int32, writes: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else {
            throw ChatError(.unavailable, "pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// The address in `listening on http://127.0.0.1:8080`.
    static func address(in line: String) -> String? { line.split(separator: " ").last.map(String.init) }

    /// The server prints its address in one line when it accepts connections, or ends without.
    private static func firstLine(of descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    static func removeFiles(in folder: String) {
        for name in ["chat.db", "chat.db-wal", "chat.db-shm"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
}
