import ArgumentParser
import ChatCore

/// `chatctl room create`
struct RoomCreate: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Create a room.")

    @Argument(help: "Name of the room.") var name: String
    @Flag(name: .customLong("private"), help: "For members only.") var isPrivate = false
    @Option(help: ArgumentHelp("What the room is about.", valueName: "text")) var topic = ""
    @Option(help: ArgumentHelp("A member; may be repeated.", valueName: "user"), completion: .live(.users)) var member:
        [String] = []
    @Flag(help: "Succeed when the room exists, and change nothing then.") var ifNotExists = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let room = try RoomName(name)
        var members: [Username] = []
        for text in member { members.append(try Username(text)) }
        let new = try NewRoom(name: room, isPrivate: isPrivate, topic: topic, members: members)
        try await invocation.withBackend { backend throws(ChatError) in
            do throws(ChatError) {
                let made = try await backend.service.createRoom(new)
                try invocation.show(room: made, created: ifNotExists ? true : nil)
            } catch  where error.code == .alreadyExists && ifNotExists {
                let found = try await backend.service.room(named: room)
                for difference in differences(of: found, from: new) {
                    invocation.screen.notice("chatctl: room \(room): exists already, \(difference)")
                }
                try invocation.show(room: found, created: false)
            }
        }
    }

    /// What was asked for and is otherwise in the room that was found. A script must not take it for granted.
    private func differences(of room: Room, from new: NewRoom) -> [String] {
        var found: [String] = []
        if room.kind != new.kind { found.append("and is \(room.kind.rawValue)") }
        if room.isArchived { found.append("and is archived") }
        if !topic.isEmpty, room.topic != new.topic { found.append("with another topic") }
        if !new.members.isEmpty { found.append("so no members were added: 'chatctl room members \(room.name)'") }
        return found
    }
}
