import ArgumentParser
import ChatCore

/// `chatctl message …`
struct MessageGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Single messages.",
        subcommands: [MessageShow.self, MessageEdit.self, MessageDelete.self, MessageSearch.self])
}

/// `chatctl message show`
struct MessageShow: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one message.")

    @Argument(help: "Name of the room.", completion: .live(.rooms)) var room: String
    @Argument(help: "The message's seq.") var seq: Int64
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let name = try RoomName(room)
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(message: try await backend.service.message(in: name, seq: seq))
        }
    }
}
