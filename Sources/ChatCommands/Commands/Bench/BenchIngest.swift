import ArgumentParser
import ChatCore

/// `chatctl bench ingest`
struct BenchIngest: BenchCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest", abstract: "Post to many rooms and wait for the acknowledgements.")

    @Option(help: ArgumentHelp("Connections, all of which post.", valueName: "n")) var clients = 64
    @Option(help: ArgumentHelp("Rooms.", valueName: "n")) var rooms = 100
    @Option(help: ArgumentHelp("Connections that have joined each room.", valueName: "n")) var members = 10
    @OptionGroup var load: BenchLoadOptions
    @OptionGroup var bench: BenchOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try bench.check()
        try load.check()
        guard (1...10_000).contains(clients) else { throw ValidationError("--clients is not from 1 to 10000") }
        guard (1...1_000).contains(rooms) else { throw ValidationError("--rooms is not from 1 to 1000") }
        guard (1...clients).contains(members) else { throw ValidationError("--members is not from 1 to --clients") }
        guard rooms * members >= clients else {
            throw ValidationError("--rooms times --members is less than --clients")
        }
        guard bench.room == nil else { throw ValidationError("--room has no meaning here: there are many") }
    }

    func run(_ session: Invocation) async throws(ChatError) {
        var plan = LoadPlan(bench, load)
        (plan.clients, plan.publishers, plan.rooms, plan.members) = (clients, clients, rooms, members)
        plan.window = load.window ?? 16
        let settings = load.settings(plan) + [("rooms", String(rooms)), ("members", String(members))]
        let task = BenchTask(needs: BenchNeeds(rooms: rooms), settings: settings) {
            [plan] place, control throws(ChatError) in
            try control.make(plan).run(IngestRun(plan, rooms: place.rooms), scenario: "ingest", path: "/ws", at: place)
        }
        try await measure(session, task)
    }
}
