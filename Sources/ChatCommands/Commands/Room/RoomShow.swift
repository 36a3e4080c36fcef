import ArgumentParser
import ChatCore

/// `chatctl room show`
struct RoomShow: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a room.")

    @Argument(help: "Name of the room.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let room = try RoomName(name)
        try await session.withBackend { backend throws(ChatError) in
            session.show(room: try await backend.service.room(named: room))
        }
    }
}
