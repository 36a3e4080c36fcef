import ArgumentParser
import ChatBench
import ChatCore

/// `chatctl bench fanout`
struct BenchFanout: BenchCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout", abstract: "Broadcast from a few connections to everyone in one room.",
        discussion: """
            Uses the one-room form of the protocol, so it can measure any server that speaks it. Such a server may want \
            a cookie instead of a token: set CHATCTL_COOKIE to the value of the Cookie header.
            """)

    @Option(help: ArgumentHelp("Number of connections, all of which receive.", valueName: "n")) var clients = 100
    @Option(help: ArgumentHelp("How many of them also post.", valueName: "p")) var publishers = 1
    @OptionGroup var load: BenchLoadOptions
    @OptionGroup var bench: BenchOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try bench.check()
        try load.check()
        guard (1...100_000).contains(clients) else { throw ValidationError("--clients is not from 1 to 100000") }
        guard (1...min(clients, 64)).contains(publishers) else {
            throw ValidationError("--publishers is not from 1 to 64, or more than --clients")
        }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        var plan = LoadPlan(bench, load, window: 1)
        (plan.clients, plan.publishers) = (clients, publishers)
        try await measure(invocation, FanoutScenario(plan))
    }
}
