import ArgumentParser
import ChatCore

/// `chatctl bench fanout`
struct BenchFanout: BenchCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout", abstract: "Broadcast from a few to everyone in one room.",
        discussion: """
            Uses the one-room form of the protocol, so any server that speaks it can be measured. With a cookie \
            instead of a token, put it into CHATCTL_COOKIE.
            """)

    @Option(help: ArgumentHelp("Connections, all of which listen.", valueName: "n")) var clients = 100
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

    func run(_ session: Invocation) async throws(ChatError) {
        var plan = LoadPlan(bench, load)
        (plan.clients, plan.publishers) = (clients, publishers)
        plan.window = load.window ?? 1
        let task = BenchTask(needs: BenchNeeds(rooms: 1), settings: load.settings(plan)) {
            [plan] place, control throws(ChatError) in
            let path = "/ws/chatroom/\(place.rooms[0])"
            return try control.make(plan).run(FanoutRun(plan), scenario: "fanout", path: path, at: place)
        }
        try await measure(session, task)
    }
}
