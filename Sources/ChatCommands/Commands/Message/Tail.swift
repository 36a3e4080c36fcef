import ArgumentParser
import ChatCore
import Glibc

/// `chatctl tail`
struct Tail: InvocableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print messages, oldest first, and follow rooms.",
        discussion: """
            Ends with 0 after --count messages, with 75 when --timeout passes first, and with 1 when a message \
            matches --reject.
            """)

    @Argument(help: "Rooms.", completion: .live(.rooms)) var room: [String]
    @Option(name: .customShort("n"), help: ArgumentHelp("Messages of history for each room.", valueName: "number"))
    var history = 10
    @Flag(name: .shortAndLong, help: "Follow: go on with new messages.") var follow = false
    @Option(
        help: ArgumentHelp("Start at a seq, at a time (RFC 3339) or this long ago (10m).", valueName: "start"))
    var since: String?
    @Option(help: ArgumentHelp("Print only messages whose body matches.", valueName: "regex")) var match: String?
    @Option(help: ArgumentHelp("Follow, and end after this many printed messages.", valueName: "number"))
    var count: Int?
    @Option(help: ArgumentHelp("End with 1 at a message whose body matches.", valueName: "regex")) var reject: String?
    @Option(help: ArgumentHelp("Follow, and end with 75 when this passes first.", valueName: "duration"))
    var timeout: DurationArgument?
    @Option(
        help: ArgumentHelp("Keep the position in this file, and continue from it next time.", valueName: "file"),
        completion: .file())
    var cursor: String?
    @Flag(help: "Show times in UTC; without it in the zone of TZ or of this machine.") var utc = false
    @Flag(help: "Wait for rooms that do not exist yet.") var wait = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !room.isEmpty else { throw ValidationError("name a room") }
        guard history >= 0 else { throw ValidationError("-n is negative") }
        guard (count ?? 1) > 0 else { throw ValidationError("--count is not positive") }
    }

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        let plan = try TailPlan(
            rooms: room, history: history, since: since, match: match, reject: reject, count: count, cursor: cursor,
            follows: follow || count != nil || timeout != nil, waits: wait, isUTC: utc)
        // Without a cursor a signal may end the process anywhere: nothing is kept that could be wrong.
        guard cursor != nil else {
            try await read(plan, invocation)
            return 0
        }
        let hasFinished = try await Interruption.run(invocation.signals.stream(of: [SIGINT, SIGTERM])) {
            () async throws(ChatError) in try await read(plan, invocation)
        }
        return hasFinished ? 0 : ErrorCode.interrupted.exitStatus
    }

    private func read(_ plan: TailPlan, _ invocation: Invocation) async throws(ChatError) {
        try await invocation.withBackend { backend throws(ChatError) in
            let reader = TailReader(plan: plan, service: backend.service, invocation: invocation)
            try await invocation.whileRead { () async throws(ChatError) in
                try await Deadline.run(within: timeout?.value, of: "tail") { () async throws(ChatError) in
                    try await reader.run()
                }
            }
        }
    }
}
