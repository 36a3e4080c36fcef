import ArgumentParser
import ChatCore

/// `chatctl bench history`
struct BenchHistory: BenchCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Read pages of 50 messages at several depths of a room.",
        discussion: "On --server it needs --room, a room that has messages.")

    @Option(help: ArgumentHelp("Messages in the room of a temporary server.", valueName: "n")) var depth = 100_000
    @OptionGroup var bench: BenchOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        try bench.check()
        guard (100...5_000_000).contains(depth) else { throw ValidationError("--depth is not from 100 to 5000000") }
    }

    func run(_ session: Invocation) async throws(ChatError) {
        guard session.settings["server"] == nil || bench.room != nil else {
            throw ChatError(.usage, "bench history: no room", hint: "name one that has messages with --room")
        }
        var plan = LoadPlan()
        (plan.duration, plan.messages) = (bench.duration.value, bench.messages)
        let task = BenchTask(needs: BenchNeeds(rooms: 1, depth: depth)) {
            [plan] place, control throws(ChatError) in
            try HistoryRun(plan: plan, isStopped: control.isStopped, progress: control.progress).run(at: place)
        }
        try await measure(session, task)
    }
}
