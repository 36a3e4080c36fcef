import ArgumentParser
import ChatCore

/// `chatctl room create`
struct RoomCreate: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a room.")

    @Argument(help: "Name of the room.") var name: String
    @Flag(name: .customLong("private"), help: "Members only.") var isPrivate = false
    @Option(help: ArgumentHelp("What the room is about.", valueName: "text")) var topic = ""
    @Option(help: ArgumentHelp("A first member; may be repeated.", valueName: "user")) var member: [String] = []
    @Flag(help: "An existing room is no error.") var ifNotExists = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let room = try RoomName(name)
        var members: [Username] = []
        for text in member { members.append(try Username(text)) }
        let new = try NewRoom(name: room, isPrivate: isPrivate, topic: topic, members: members)
        try await session.withBackend { backend throws(ChatError) in
            do throws(ChatError) {
                session.show(room: try await backend.service.createRoom(new))
            } catch  where error.code == .alreadyExists && ifNotExists {
                session.show(room: try await backend.service.room(named: room))
            }
        }
    }
}
