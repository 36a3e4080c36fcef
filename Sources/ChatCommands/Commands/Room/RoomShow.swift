import ArgumentParser
import ChatCore

/// `chatctl room show`
struct RoomShow: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a room.")

    @Argument(help: "Name of the room.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let room = try RoomName(name)
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(room: try await backend.service.room(named: room))
        }
    }
}
