import ArgumentParser
import ChatCore

/// `chatctl bench connect`
struct BenchConnect: BenchCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Connect and join one room, all at once.",
        discussion: """
            On a temporary server every connection is another user, so it is seen when the presence of all of them has \
            settled.
            """)

    @Option(help: ArgumentHelp("Connections.", valueName: "n")) var clients = 1_000
    @Option(help: ArgumentHelp("Connections that are under way at once.", valueName: "w")) var window = 128
    @OptionGroup var bench: BenchOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try bench.check()
        guard (1...100_000).contains(clients) else { throw ValidationError("--clients is not from 1 to 100000") }
        guard (1...10_000).contains(window) else { throw ValidationError("--window is not from 1 to 10000") }
    }

    func run(_ session: Invocation) async throws(ChatError) {
        var plan = LoadPlan()
        (plan.clients, plan.window) = (clients, window)
        // The watcher is one more.
        let needs = BenchNeeds(rooms: 1, users: clients + 1)
        let everyone = session.settings["server"] == nil ? needs.users : 0
        let settings = [("clients", String(clients)), ("window", String(window))]
        let task = BenchTask(needs: needs, settings: settings) { [plan] place, control throws(ChatError) in
            let run = ConnectRun(plan, room: place.rooms[0], everyone: everyone)
            return try run.run(control.make(plan), at: place, isStopped: control.isStopped)
        }
        try await measure(session, task)
    }
}
