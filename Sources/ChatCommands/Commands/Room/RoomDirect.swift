import ArgumentParser
import ChatCore

/// `chatctl room direct`
struct RoomDirect: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "direct", abstract: "Show the direct room of two users, made when there is none.")

    @Argument(help: "One user.", completion: .live(.users)) var first: String
    @Argument(help: "The other user.", completion: .live(.users)) var second: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let users = (try Username(first), try Username(second))
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(room: try await backend.service.directRoom(users.0, users.1).room)
        }
    }
}
