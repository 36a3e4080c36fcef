import ArgumentParser
import ChatCore

/// `chatctl backup`
struct Backup: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the SQLite database to a file, while it is used.",
        discussion: """
            The file is a database itself, as it was at one moment, readable to its owner only; it holds everything, \
            password hashes included. It must not exist yet. For PostgreSQL use pg_dump.
            """)

    @Argument(help: "The new file.", completion: .file()) var file: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !file.isEmpty else { throw ValidationError("the file's name is empty") }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        try invocation.requireDirect("backup")
        let bytes = try await Assembly.backUp(invocation.settings, to: file)
        try invocation.show { json in
            json.object { json in
                json.field("file", file)
                json.field("bytes", Int64(bytes))
            }
        } text: {
            ["wrote \(bytes) bytes to \(invocation.screen.harmless(file))"]
        }
    }
}
