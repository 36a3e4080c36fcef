import ArgumentParser
import ChatCore

/// `chatctl message delete`
struct MessageDelete: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete the text of messages; their places in the log stay.")

    @Argument(help: "Name of the room.") var room: String
    @Argument(help: ArgumentHelp("The messages' seqs.", valueName: "seq")) var seqs: [Int64]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let name = try RoomName(room)
        try await invocation.withBackend { backend throws(ChatError) in
            // A typing error in one of several deletes nothing.
            if seqs.count > 1 { for seq in seqs { _ = try await backend.service.message(in: name, seq: seq) } }
            for seq in seqs {
                try await backend.service.deleteMessage(in: name, seq: seq)
                if !invocation.printsJSON { try invocation.done("deleted message \(seq) of \(name)") }
            }
            guard invocation.printsJSON else { return }
            try invocation.show { json in
                json.object { json in
                    json.field("room", name.text)
                    json.key("deleted")
                    json.array(seqs) { $0.value($1) }
                }
            } text: {
                []
            }
        }
    }
}
