import ArgumentParser

/// The root of the command tree.
struct Chatctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chatctl",
        abstract: "A realtime chat service and its toolkit.",
        discussion: """
            A command opens the database itself. With --server it works on a running server instead.
            """,
        version: "0.1.0",
        subcommands: [
            Serve.self, Migrate.self, Backup.self, Restore.self, UserGroup.self, Whoami.self, Login.self, Logout.self,
            RoomGroup.self, Send.self,
            Tail.self,
            PresenceCommand.self, MessageGroup.self, Repl.self, Config.self, Audit.self, Run.self, BenchGroup.self,
        ])

    @OptionGroup(title: "Global options") var global: GlobalOptions
}
