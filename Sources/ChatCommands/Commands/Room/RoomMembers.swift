import ArgumentParser
import ChatCore

/// `chatctl room members`
struct RoomMembers: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "members", abstract: "List the members of a room, after adding and removing some.")

    @Argument(help: "Name of the room.", completion: .live(.rooms)) var name: String
    @Option(help: ArgumentHelp("Add a member; may be repeated.", valueName: "user"), completion: .live(.users))
    var add: [String] = []
    @Option(help: ArgumentHelp("Remove a member; may be repeated.", valueName: "user"), completion: .live(.users))
    var remove: [String] = []
    @Option(help: "Role of the users in --add.") var role: MemberRole?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard role == nil || !add.isEmpty else { throw ValidationError("--role needs the users of --add") }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        let room = try RoomName(name)
        var (added, removed): ([Username], [Username]) = ([], [])
        for text in add { added.append(try Username(text)) }
        for text in remove { removed.append(try Username(text)) }
        try await invocation.withBackend { backend throws(ChatError) in
            // Unknown names are found before anything is changed.
            for user in added + removed { _ = try await backend.service.user(named: user) }
            for user in added { try await backend.service.setMember(user, of: room, role: role) }
            for user in removed { try await backend.service.removeMember(user, of: room) }
            try invocation.show(members: try await backend.service.members(of: room))
        }
    }
}
