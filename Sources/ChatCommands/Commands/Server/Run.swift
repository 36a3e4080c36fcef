import ArgumentParser
import ChatCore
import Glibc

/// `chatctl run -- COMMAND…`
struct Run: InvocableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command against a temporary server and end with its status.",
        discussion: """
            The server has a free port and a temporary database. COMMAND finds its address in CHATCTL_SERVER, and an \
            administrator's token in CHATCTL_TOKEN.
            """)

    @Argument(parsing: .postTerminator, help: "The command, behind '--'.") var command: [String] = []
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("name a command behind '--'") }
    }

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        // From here on a signal ends the command, and with its end we end too, after the server has stopped.
        let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map { ($0, invocation.signals.stream(of: [$0])) }
        let server = try await ThrowAwayServer.start(invocation)
        invocation.screen.detail("server \(server.url), temporary")
        let status: Int32
        do throws(ChatError) {
            let child = try ChildProcess.start(command, server.environment(in: invocation.environment), output: nil)
            let forwarding = signals.map { number, arrivals in Task { for await _ in arrivals { child.pass(number) } } }
            status = await child.wait()
            for task in forwarding { task.cancel() }
            // What the command left running worked on a server that ends now.
            Descendants.end(of: server.folder)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        return status
    }
}
