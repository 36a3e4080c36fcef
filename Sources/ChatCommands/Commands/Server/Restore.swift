import ArgumentParser
import ChatCore

/// `chatctl restore`
struct Restore: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a backup the SQLite database.",
        discussion: """
            What is in the database now is given up. The backup is checked and brought up to date first, and every \
            room gets another epoch, so that clients start afresh. Stop the servers before. For PostgreSQL use \
            pg_restore, and then 'chatctl migrate --new-epoch'.
            """)

    @Argument(help: "The file that 'chatctl backup' wrote.", completion: .file()) var file: String
    @Flag(help: "Confirm it.") var yes = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try invocation.requireDirect("restore")
        guard yes else { throw .unconfirmed("restoring \(file)") }
        try await Assembly.restore(invocation.settings, from: file, invocation.clock)
        try invocation.show { json in
            json.object { $0.field("restored", file) }
        } text: {
            ["restored \(invocation.screen.harmless(file))"]
        }
    }
}
