import ChatCore
import ChatStorage
import Glibc

/// A server process of one's own on a free port with a temporary database.
struct ThrowAwayServer: Sendable {
    let url: String
    /// Of an administrator.
    let token: String
    let process: ChildProcess
    private let folder: String

    /// - Throws: `unavailable` when the server does not come up.
    static func start() async throws(ChatError) -> ThrowAwayServer {
        try await start { _ in }.server
    }

    /// Starts a server on a database that `prepare` has filled.
    ///
    /// - Parameter threads: of the server; 0 for as many as cores.
    /// - Throws: what `prepare` throws, `unavailable` when the server does not come up.
    static func start<Prepared: Sendable>(
        threads: Int = 0, _ prepare: (LocalChat) async throws(ChatError) -> Prepared
    ) async throws(ChatError) -> (server: ThrowAwayServer, prepared: Prepared) {
        var template = Array("\(Environment["TMPDIR"] ?? "/tmp")/chatctl-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ChatError(.configuration, "temporary folder: \(String(cString: strerror(errno)))")
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do throws(ChatError) {
            let (token, prepared) = try await database(in: folder, prepare)
            return (try launch(in: folder, token: token, threads: threads), prepared)
        } catch {
            removeFiles(in: folder)
            throw error
        }
    }

    /// Ends the server and removes its database.
    func stop() async {
        process.terminate()
        _ = await process.wait()
        Self.removeFiles(in: folder)
    }

    private static func database<Prepared: Sendable>(
        in folder: String, _ prepare: (LocalChat) async throws(ChatError) -> Prepared
    ) async throws(ChatError) -> (token: String, prepared: Prepared) {
        let database = try await ChatDatabase.open(
            sqlite: "\(folder)/chat.db", clock: Assembly.clock, .migrating)
        let service = try await Assembly.chat(on: database, nil).service(for: .operator(as: nil))
        do throws(ChatError) {
            let name = try Username("admin")
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

    private static func launch(in folder: String, token: String, threads: Int) throws(ChatError) -> ThrowAwayServer {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ChatError(.fault, "pipe: \(String(cString: strerror(errno)))") }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        unsetenv("CHATCTL_SERVER")
        let process: ChildProcess
        do throws(ChatError) {
            let database = "sqlite:\(folder)/chat.db"
            process = try ChildProcess.start(
                [
                    "/proc/self/exe", "serve", "--port", "0", "--database", database, "--redis", "", "--threads",
                    String(threads),
                ], output: ends[1], isApart: true)
        } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        guard let url = firstLine(of: ends[0])?.split(separator: " ").last else {
            process.terminate()
            throw ChatError(.unavailable, "server: it did not come up")
        }
        return ThrowAwayServer(url: String(url), token: token, process: process, folder: folder)
    }

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

    private static func removeFiles(in folder: String) {
        for name in ["chat.db", "chat.db-wal", "chat.db-shm"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
}
