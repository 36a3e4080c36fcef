import ArgumentParser

/// `chatctl bench …`
struct BenchGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a server.",
        discussion: """
            Measures the server at --server, else a temporary one that it starts as a process of its own. Every \
            receiver keeps a ledger of what is missing, came twice or out of order.
            """,
        subcommands: [BenchFanout.self, BenchIngest.self, BenchConnect.self, BenchHistory.self])
}
