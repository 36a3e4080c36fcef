import ArgumentParser
import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite(.timeLimit(.minutes(5))) struct ServeTests {
    @Test(arguments: [
        "not-a-url", "::::", "example.org", "https://example.org/page", "https://a b", "ftp://a", "null", "*",
        "https://",
    ])
    func `what is no origin of a page is a wrong usage`(origin: String) async {
        #expect(await Bare.run(["serve", "--origin", origin]).status == 64)
    }

    @Test(arguments: ["https://example.org", "http://[::1]:8080", "https://example.org/", "HTTPS://EXAMPLE.ORG:443"])
    func `an origin is one of a page`(origin: String) throws {
        _ = try Serve.parse(["--origin", origin])
    }

    /// Runs `serve` until it listens, and ends it.
    private func serve(_ options: [String], in folder: TemporaryFolder, hangups: Int = 0) async -> Outcome {
        let (terminations, stopping) = AsyncStream<Void>.makeStream()
        let (hangupSignals, hangup) = AsyncStream<Void>.makeStream()
        let (output, error) = (BufferOutput(), BufferOutput())
        let context = CommandContext(
            output: output, error: error, input: TextInput(), environment: ["HOME": folder.path],
            signals: Signals { $0 == [1] ? hangupSignals : terminations }, clock: .system)
        let status = Task { await Program.run(["serve", "--port", "0"] + options, in: context) }
        let waiting = Task { await output.waitForLines(1) }
        let ended = Task {
            let code = await status.value
            waiting.cancel()
            return code
        }
        await waiting.value
        for _ in 0..<hangups { hangup.yield() }
        stopping.yield()
        return Outcome(status: await ended.value, output: output.text, error: error.text)
    }

    @Test func `the first administrator is made with the password of a file, and never again`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("\u{feff}a long phrase\r\n", to: "password")
        let options = ["--admin", "Root", "--admin-password-file", "\(folder.path)/password"]
        let first = await serve(options, in: folder)
        #expect(first.status == 0 && first.error == "chatctl: made the administrator root\n")
        let users = await Bare.run(["user", "list"], environment: ["HOME": folder.path])
        #expect(users.output.contains("root      admin"))
        // The file may be gone by now.
        let again = await serve(["--admin", "other", "--admin-password-file", "/nowhere"], in: folder)
        #expect(again.status == 0 && again.error.isEmpty)
    }

    @Test(arguments: [("/nowhere", 78), ("short", 65)])
    func `a password that cannot be used makes nobody`(file: String, status: Int32) async throws {
        let folder = try TemporaryFolder()
        try folder.write("short", to: "short")
        let path = file.hasPrefix("/") ? file : "\(folder.path)/\(file)"
        #expect(await serve(["--admin", "root", "--admin-password-file", path], in: folder).status == status)
    }

    @Test(arguments: ["300.1.1.1", "no.such.invalid", "192.0.2.1"])
    func `a host that is none of this machine is a wrong configuration`(host: String) async throws {
        let folder = try TemporaryFolder()
        let outcome = await serve(["--host", host], in: folder)
        #expect(outcome.status == 78 && outcome.error.contains(host) && !outcome.error.contains("Error"))
    }

    @Test(arguments: ["::1", "[::1]"]) func `an IPv6 address stands in brackets in the URL`(host: String) async throws {
        let folder = try TemporaryFolder()
        #expect(await serve(["--host", host], in: folder).output.hasPrefix("listening on http://[::1]:"))
    }

    @Test func `without TLS a hang-up changes nothing`() async throws {
        let folder = try TemporaryFolder()
        let outcome = await serve([], in: folder, hangups: 3)
        #expect(outcome.status == 0 && !outcome.error.contains("certificate"))
    }
}
