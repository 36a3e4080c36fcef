import ArgumentParser
import ChatCore

/// `chatctl audit`
struct Audit: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show administrative acts, oldest first.",
        discussion: """
            An act of a direct command without --as bears the name of the system's user. With -f and --json each act is a \
            document of its own.
            """)

    @Option(name: .customShort("n"), help: ArgumentHelp("Acts to show at most, the newest.", valueName: "number"))
    var count = 50
    @Flag(name: .shortAndLong, help: "Follow: go on with new acts.") var follow = false
    @Option(help: ArgumentHelp("Only acts of this user.", valueName: "user"), completion: .live(.users)) var actor:
        String?
    @Option(
        help: ArgumentHelp("Only acts on this user or room, or on messages of this room.", valueName: "name"),
        completion: .live(.roomsAndUsers))
    var target: String?
    @Option(
        help: ArgumentHelp("Only acts since a time (RFC 3339), or of this long (2h).", valueName: "start"))
    var since: MomentArgument?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// What one command holds in memory.
    private static let most = 10_000

    func validate() throws {
        guard (0...Self.most).contains(count) else { throw ValidationError("-n is not from 0 to \(Self.most)") }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        let filter = AuditFilter(
            actor: actor, target: target, since: since?.moment(at: invocation.clock.now()))
        try await invocation.withBackend { backend throws(ChatError) in
            guard follow else {
                return try invocation.show(acts: try await backend.service.audit(filter, .latest, limit: count))
            }
            try await invocation.whileRead { () async throws(ChatError) in
                try await watch(filter, backend.service, invocation)
            }
        }
    }

    private func watch(
        _ filter: AuditFilter, _ service: any AuditService, _ invocation: Invocation
    ) async throws(ChatError) {
        var watch = AuditWatch()
        let old = try await service.audit(filter, .latest, limit: max(count, Int(AuditWatch.overlap)))
        for act in watch.new(of: old).suffix(count) { try invocation.show(act: act) }
        var isAway = false
        while true {
            do throws(ChatError) {
                let page = try await service.audit(filter, .after(watch.position), limit: Self.most)
                if isAway { invocation.screen.notice("chatctl: reconnected") }
                isAway = false
                for act in watch.new(of: page) { try invocation.show(act: act) }
            } catch {
                guard error.code == .unavailable else { throw error }
                if !isAway { invocation.screen.notice("chatctl: connection lost, reconnecting") }
                isAway = true
            }
            do { try await Task.sleep(for: AuditWatch.interval) } catch { throw ChatError.wrapping(error) }
        }
    }
}

/// Knows which acts were seen. PostgreSQL gives out ids before the commit, so an act can appear behind one with a greater
/// id: the last ids are read again each time.
struct AuditWatch: Sendable {
    /// How often the log is read.
    static let interval: Duration = .milliseconds(250)
    /// How many ids back an act may still appear.
    static let overlap: Int64 = 200

    private var last: Int64 = 0
    private var seen: Set<Int64> = []

    /// Where to read on.
    var position: Int64 { max(0, last - Self.overlap) }

    /// Those of `page` that were not seen before.
    mutating func new(of page: [AuditEntry]) -> [AuditEntry] {
        let new = page.filter { seen.insert($0.id).inserted }
        last = max(last, page.last?.id ?? 0)
        seen = seen.filter { $0 > position }
        return new
    }
}
