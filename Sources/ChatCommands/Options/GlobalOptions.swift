import ArgumentParser
import ChatTerminal

extension ColorWish: ExpressibleByArgument {}

/// The options every command takes.
struct GlobalOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Database: sqlite:PATH or postgres://… (CHATCTL_DATABASE).", valueName: "url"))
    var database: String?

    @Option(help: ArgumentHelp("Redis between servers; several with commas (CHATCTL_REDIS).", valueName: "url"))
    var redis: String?

    @Option(help: ArgumentHelp("Work on a running server, not on a database (CHATCTL_SERVER).", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp("File with the token for --server, or the token in CHATCTL_TOKEN.", valueName: "file"),
        completion: .file())
    var tokenFile: String?

    @Option(
        name: .customLong("as"), help: ArgumentHelp("Who speaks (CHATCTL_USER).", valueName: "user"),
        completion: .live(.users))
    var speaker: String?

    @Option(
        help: ArgumentHelp(
            "Use the settings under [profile.NAME] in the configuration file (CHATCTL_PROFILE).", valueName: "name"),
        completion: .live(.profiles))
    var profile: String?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print results and errors only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say on standard error what is used and how long it took; 'serve' also logs more.")
    var verbose = false

    @Option(help: ArgumentHelp("Colour on standard output; auto without it (NO_COLOR).", valueName: "when"))
    var color: ColorWish?
}
