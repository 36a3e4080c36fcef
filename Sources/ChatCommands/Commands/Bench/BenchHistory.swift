import ArgumentParser
import ChatBench
import ChatCore

/// `chatctl bench history`
struct BenchHistory: BenchCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Read pages of 50 messages at several depths of a room.",
        discussion: "With --server it needs --room, the name of a room that has messages.")

    @Option(help: ArgumentHelp("Messages in the room of a temporary server.", valueName: "n")) var depth = 100_000
    @OptionGroup var bench: BenchOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try bench.check()
        guard (100...5_000_000).contains(depth) else { throw ValidationError("--depth is not from 100 to 5000000") }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        guard invocation.settings["server"] == nil || bench.room != nil else {
            throw ChatError(.usage, "bench history: no room", hint: "name a room that has messages with --room")
        }
        var plan = LoadPlan()
        (plan.duration, plan.messages) = (bench.duration.value, bench.messages)
        try await measure(invocation, HistoryScenario(plan, depth: depth))
    }
}
