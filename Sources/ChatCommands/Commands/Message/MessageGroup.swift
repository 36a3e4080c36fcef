import ArgumentParser
import ChatCore

/// `chatctl message …`
struct MessageGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Single messages.",
        subcommands: [MessageShow.self, MessageDelete.self, MessageSearch.self])
}

/// `chatctl message show`
struct MessageShow: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one message.")

    @Argument(help: "Name of the room.") var room: String
    @Argument(help: "The message's seq.") var seq: Int64
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let name = try RoomName(room)
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(message: try await backend.service.message(in: name, seq: seq))
        }
    }
}

/// `chatctl message delete`
struct MessageDelete: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete the text of a message; its place in the log stays.")

    @Argument(help: "Name of the room.") var room: String
    @Argument(help: "The message's seq.") var seq: Int64
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let name = try RoomName(room)
        try await invocation.withBackend { backend throws(ChatError) in
            try await backend.service.deleteMessage(in: name, seq: seq)
            try invocation.done("deleted message \(seq) of \(name)")
        }
    }
}

/// `chatctl message search`
struct MessageSearch: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find messages that contain a text; case does not matter.")

    @Argument(help: "What to look for.") var text: String
    @Option(help: "Only in this room.") var room: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let name = try room.map { text throws(ChatError) in try RoomName(text) }
        try await invocation.withBackend { backend throws(ChatError) in
            let hits = try await backend.service.search(text, in: name, limit: Limits.searchHits)
            if invocation.printsJSON {
                try invocation.show(json: { $0.array(hits) { $0.message($1) } }, text: { [] })
            } else {
                for hit in hits { try invocation.show(message: hit, withRoom: true) }
            }
        }
    }
}
