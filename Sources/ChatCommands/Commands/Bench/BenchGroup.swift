import ArgumentParser

/// `chatctl bench …`
struct BenchGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a server's throughput, latency and cost.",
        discussion: """
            Measures the server at --server, or a temporary one that it starts as a separate process. Every receiver \
            keeps a ledger of missing, duplicate and out-of-order messages.
            """,
        subcommands: [BenchFanout.self, BenchIngest.self, BenchConnect.self, BenchHistory.self])
}
