import ArgumentParser
import ChatBench
import ChatCore

/// `chatctl bench connect`
struct BenchConnect: BenchCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Open many connections that join one room at once.",
        discussion: """
            On a temporary server every connection is a different user, so it also measures how long the room's presence \
            takes to settle.
            """)

    @Option(help: ArgumentHelp("Number of connections.", valueName: "n")) var clients = 1_000
    @Option(help: ArgumentHelp("Connections in progress at once.", valueName: "w")) var window = 128
    @OptionGroup var bench: BenchOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try bench.check()
        guard (1...100_000).contains(clients) else { throw ValidationError("--clients is not from 1 to 100000") }
        guard (1...10_000).contains(window) else { throw ValidationError("--window is not from 1 to 10000") }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await measure(invocation, ConnectScenario(clients: clients, window: window))
    }
}
