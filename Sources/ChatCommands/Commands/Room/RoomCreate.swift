import ArgumentParser
import ChatCore

/// `chatctl room create`
struct RoomCreate: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Create a room.")

    @Argument(help: "Name of the room.") var name: String
    @Flag(name: .customLong("private"), help: "For members only.") var isPrivate = false
    @Option(help: ArgumentHelp("What the room is about.", valueName: "text")) var topic = ""
    @Option(help: ArgumentHelp("A member; may be repeated.", valueName: "user")) var member: [String] = []
    @Flag(help: "Succeed when the room exists.") var ifNotExists = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let room = try RoomName(name)
        var members: [Username] = []
        for text in member { members.append(try Username(text)) }
        let new = try NewRoom(name: room, isPrivate: isPrivate, topic: topic, members: members)
        try await invocation.withBackend { backend throws(ChatError) in
            do throws(ChatError) {
                try invocation.show(room: try await backend.service.createRoom(new))
            } catch  where error.code == .alreadyExists && ifNotExists {
                try invocation.show(room: try await backend.service.room(named: room))
            }
        }
    }
}
