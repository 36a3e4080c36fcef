import ArgumentParser
import ChatCore

/// `chatctl message search`
struct MessageSearch: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find messages that contain a text; case does not matter.",
        discussion: "It shows the newest ones, oldest first, and says on standard error when there are older ones.")

    @Argument(help: "What to look for.") var text: String
    @Option(help: "Only in this room.", completion: .live(.rooms)) var room: String?
    @Option(help: ArgumentHelp("Only messages of this user.", valueName: "user"), completion: .live(.users)) var author:
        String?
    @Option(name: .customShort("n"), help: ArgumentHelp("Messages to show at most.", valueName: "number"))
    var count = 50
    @Option(help: ArgumentHelp("Only messages older than the one with this ID.", valueName: "id")) var before: Int64?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard (1...Self.most).contains(count) else { throw ValidationError("-n is not from 1 to \(Self.most)") }
        guard (before ?? 0) >= 0 else { throw ValidationError("--before is negative") }
    }

    /// What one command holds in memory.
    private static let most = 10_000

    func run(_ invocation: Invocation) async throws(ChatError) {
        let name = try room.map { text throws(ChatError) in try RoomName(text) }
        let writer = try author.map { text throws(ChatError) in try Username(text) }
        try await invocation.withBackend { backend throws(ChatError) in
            let (hits, hasMore) = try await hits(in: name, by: writer, backend)
            if invocation.printsJSON {
                try invocation.show(json: { $0.array(hits) { $0.message($1) } }, text: { [] })
            } else {
                for hit in hits { try invocation.show(message: hit) }
            }
            if hasMore, let oldest = hits.first {
                invocation.screen.notice("chatctl: there are older ones: go on with '--before \(oldest.id)'")
            }
        }
    }

    /// The newest hits, page by page, and whether there is at least one more.
    private func hits(
        in room: RoomName?, by author: Username?, _ backend: Backend
    ) async throws(ChatError) -> ([Message], hasMore: Bool) {
        var hits: [Message] = []
        var end = before
        while hits.count <= count {
            let wanted = min(Limits.searchHits, count + 1 - hits.count)
            let page = try await RatedWork.run { [end] () async throws(ChatError) in
                try await backend.service.search(text, in: room, by: author, before: end, limit: wanted)
            }
            hits = page + hits
            guard page.count == wanted, let oldest = page.first else { break }
            end = oldest.id
        }
        return (Array(hits.suffix(count)), hits.count > count)
    }
}
