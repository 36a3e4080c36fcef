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
        groupedSubcommands: [
            CommandGroup(
                name: "Messages",
                subcommands: [Send.self, Tail.self, Repl.self, PresenceCommand.self, MessageGroup.self]),
            CommandGroup(
                name: "Rooms and people",
                subcommands: [RoomGroup.self, UserGroup.self, InviteGroup.self, Whoami.self]),
            CommandGroup(
                name: "Server and database",
                subcommands: [Serve.self, Migrate.self, Backup.self, Restore.self, Audit.self]),
            CommandGroup(name: "Your settings", subcommands: [Config.self, Login.self, Logout.self]),
            CommandGroup(name: "Tests and measurements", subcommands: [Run.self, BenchGroup.self]),
        ])

    @OptionGroup(title: "Global options") var global: GlobalOptions
}
