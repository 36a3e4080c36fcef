import ArgumentParser
import ChatCore

/// `chatctl message delete`
struct MessageDelete: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete the text of messages; their places in the log stay.",
        discussion: """
            Names messages of one room by their seqs, or with --author all of a user: in the room of --room, or in all \
            rooms.
            """)

    @Argument(help: "Name of the room.", completion: .live(.rooms)) var room: String?
    @Argument(help: ArgumentHelp("The messages' seqs.", valueName: "seq")) var seqs: [Int64] = []
    @Option(help: ArgumentHelp("Delete all messages of this user.", valueName: "user"), completion: .live(.users))
    var author: String?
    @Option(
        name: .customLong("room"), help: ArgumentHelp("With --author: only in this room.", valueName: "room"),
        completion: .live(.rooms))
    var only: String?
    @Option(
        help: ArgumentHelp(
            "With --author: only messages since a time (RFC 3339), or of this long (2h).", valueName: "start"))
    var since: MomentArgument?
    @Flag(help: "With --author: confirm it.") var yes = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard author == nil else {
            guard room == nil else { throw ValidationError("--author takes no seqs; name the room with --room") }
            return
        }
        guard only == nil, since == nil, !yes else { throw ValidationError("--room, --since and --yes need --author") }
        guard room != nil, !seqs.isEmpty else {
            throw ValidationError("name a room and the seqs of its messages, or a user with --author")
        }
    }

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        guard let author else { return try await deleteEach(of: try RoomName(room ?? ""), invocation) }
        try await deleteAll(of: try Username(author), invocation)
        return 0
    }

    private func deleteEach(of name: RoomName, _ invocation: Invocation) async throws(ChatError) -> Int32 {
        try await invocation.forEach(seqs) { seq throws(ChatError) in
            seq
        } _: { backend, seq throws(ChatError) in
            try await backend.service.deleteMessage(in: name, seq: seq)
            return seq
        } each: { seq throws(ChatError) in
            try invocation.say("deleted message \(seq) of \(name)")
        } all: { deleted throws(ChatError) in
            try invocation.document { json in
                json.field("room", name.text)
                json.key("deleted")
                json.array(deleted) { $0.value($1) }
            }
        }
    }

    /// Part by part, so that no transaction is long; what is done stays done if a later part fails.
    private func deleteAll(of user: Username, _ invocation: Invocation) async throws(ChatError) {
        let room = try only.map { text throws(ChatError) in try RoomName(text) }
        guard yes else { throw .unconfirmed("deleting all messages of \(user)\(room.map { " in \($0)" } ?? "")") }
        let selection = MessageSelection(author: user, room: room, since: since?.moment(at: invocation.clock.now()))
        try await invocation.withBackend { backend throws(ChatError) in
            var (deleted, next) = (0, Int64?.some(0))
            while let position = next {
                do throws(ChatError) {
                    let part = try await RatedWork.run { () async throws(ChatError) in
                        try await backend.service.deleteMessages(selection, after: position)
                    }
                    deleted += part.deleted
                    next = part.next.flatMap { $0 > position ? $0 : nil }
                } catch {
                    if deleted > 0 { invocation.screen.notice("chatctl: \(count(deleted)) were deleted before this:") }
                    throw error
                }
            }
            try show(deleted, of: user, in: room, invocation)
        }
    }

    private func show(
        _ deleted: Int, of user: Username, in room: RoomName?, _ invocation: Invocation
    ) throws(ChatError) {
        guard invocation.printsJSON else {
            return try invocation.say("deleted \(count(deleted)) of \(user) in \(room?.text ?? "all rooms")")
        }
        try invocation.document { json in
            json.field("author", user.text)
            json.key("room")
            if let room { json.value(room.text) } else { json.raw("null") }
            json.field("deleted", deleted)
        }
    }

    private func count(_ number: Int) -> String { "\(number) message\(number == 1 ? "" : "s")" }
}
