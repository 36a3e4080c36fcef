import ArgumentParser
import ChatCore

/// `chatctl room direct`
struct RoomDirect: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "direct", abstract: "Get or make the direct room of two users.")

    @Argument(help: "One user.") var first: String
    @Argument(help: "The other user.") var second: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let users = (try Username(first), try Username(second))
        try await session.withBackend { backend throws(ChatError) in
            session.show(room: try await backend.service.directRoom(users.0, users.1).room)
        }
    }
}
