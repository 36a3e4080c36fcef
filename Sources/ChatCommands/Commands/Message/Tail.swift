import ArgumentParser
import ChatCore

/// `chatctl tail`
struct Tail: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print messages, oldest first, and follow rooms.",
        discussion: """
            Ends with 0 after --count messages, with 75 when --timeout passes first, with 1 when a message \
            matches --reject.
            """)

    @Argument(help: "Rooms.") var room: [String]
    @Option(name: .customShort("n"), help: ArgumentHelp("Messages of history a room.", valueName: "number"))
    var history = 10
    @Flag(name: .shortAndLong, help: "Go on with new messages.") var follow = false
    @Option(help: ArgumentHelp("Begin at a seq, a time (RFC 3339) or so long ago (10m).", valueName: "start"))
    var since: String?
    @Option(help: ArgumentHelp("Print only messages whose body matches.", valueName: "regex")) var match: String?
    @Option(help: ArgumentHelp("End after so many printed messages.", valueName: "number")) var count: Int?
    @Option(help: ArgumentHelp("End with 1 at a message whose body matches.", valueName: "regex")) var reject: String?
    @Option(help: ArgumentHelp("End with 75 when this passes first.", valueName: "duration"))
    var timeout: DurationArgument?
    @Option(help: ArgumentHelp("Keep the place in this file and go on there next time.", valueName: "file"))
    var cursor: String?
    @Flag(help: "Wait for rooms that do not exist yet.") var wait = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !room.isEmpty else { throw ValidationError("name a room") }
        guard history >= 0 else { throw ValidationError("-n is negative") }
        guard (count ?? 1) > 0 else { throw ValidationError("--count is not positive") }
    }

    func run(_ session: Session) async throws(ChatError) {
        let plan = try TailPlan(
            rooms: room, history: history, since: since, match: match, reject: reject, count: count, cursor: cursor,
            follows: follow || count != nil || timeout != nil, waits: wait)
        if cursor != nil { TailCursor.endBetweenMessages() }
        try await session.withBackend { backend throws(ChatError) in
            let reader = TailReader(plan: plan, service: backend.service, session: session)
            try await Deadline.run(within: timeout?.value, of: "tail") { () async throws(ChatError) in
                try await reader.run()
            }
        }
    }
}
