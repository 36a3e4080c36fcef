import ArgumentParser
import ChatCore

/// `chatctl room kick`
struct RoomKick: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "kick", abstract: "Put a user out of a room and end their membership.")

    @Argument(help: "Name of the room.") var name: String
    @Argument(help: "Username.") var user: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let (room, user) = (try RoomName(name), try Username(user))
        try await session.withBackend { backend throws(ChatError) in
            try await backend.service.kick(user, from: room)
            session.done("kicked \(user) from \(room)")
        }
    }
}
