import ArgumentParser
import ChatBench
import ChatCore

/// `chatctl bench ingest`
struct BenchIngest: BenchCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest", abstract: "Post to many rooms and wait for the acknowledgements.")

    @Option(help: ArgumentHelp("Number of connections, all of which post.", valueName: "n")) var clients = 64
    @Option(help: ArgumentHelp("Number of rooms.", valueName: "n")) var rooms = 100
    @Option(help: ArgumentHelp("Connections that join each room.", valueName: "n")) var members = 10
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
        guard bench.room == nil else { throw ValidationError("--room cannot be used: ingest posts to many rooms") }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        var plan = LoadPlan(bench, load, window: 16)
        (plan.clients, plan.publishers) = (clients, clients)
        try await measure(invocation, IngestScenario(plan, rooms: rooms, members: members))
    }
}
