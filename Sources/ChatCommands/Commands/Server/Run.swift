import ArgumentParser
import ChatCore
import Dispatch
import Glibc

/// `chatctl run -- COMMAND…`
struct Run: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command against a throw-away server and end with its status.",
        discussion: """
            The server has a free port and a temporary database; COMMAND finds it in CHATCTL_SERVER and, as an \
            administrator, CHATCTL_TOKEN.
            """)

    @Argument(parsing: .postTerminator, help: "The command, behind '--'.") var command: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("name a command behind '--'") }
    }

    func run(_ session: Session) async throws(ChatError) {
        let server = try await ThrowAwayServer.start()
        let status: Int32
        do throws(ChatError) {
            setenv("CHATCTL_SERVER", server.url, 1)
            setenv("CHATCTL_TOKEN", server.token, 1)
            unsetenv("CHATCTL_USER")
            let child = try ChildProcess.start(command, output: nil)
            // A signal ends the command, and its end ends us, with the server taken down.
            let signals = Signals.stream(of: [SIGINT, SIGTERM])
            let forwarding = Task { for await _ in signals { child.terminate() } }
            status = await child.wait()
            forwarding.cancel()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        if status != 0 { Glibc.exit(status) }
    }
}
