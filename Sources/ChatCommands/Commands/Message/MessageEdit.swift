import ArgumentParser
import ChatCore

/// `chatctl message edit`
struct MessageEdit: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change the text of one of your messages; its place in the log stays.",
        discussion: "Without BODY, or with '-', the new text is read from standard input.")

    @Argument(help: "Name of the room.", completion: .live(.rooms)) var room: String
    @Argument(help: "The message's seq.") var seq: Int64
    @Argument(help: ArgumentHelp("The new text; '-' or none reads standard input.", valueName: "body"))
    var text: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let name = try RoomName(room)
        let body = try invocation.wholeBody(text == "-" ? nil : text)
        try await invocation.withBackend { backend throws(ChatError) in
            let message = try await backend.service.editMessage(in: name, seq: seq, to: body)
            try invocation.show(json: { $0.message(message) }) { ["edited message \(seq) of \(name)"] }
        }
    }
}
