import ArgumentParser
import ChatCore

/// `chatctl room list`
struct RoomList: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the rooms.")

    @Option(help: ArgumentHelp("Only rooms this user is a member of.", valueName: "user"), completion: .live(.users))
    var user: String?
    @Option(help: "Only rooms of this kind.") var kind: RoomKind?
    @Option(
        help: ArgumentHelp("Only rooms without a message for so long, such as 30d.", valueName: "duration"))
    var idle: DurationArgument?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let member = try user.map { text throws(ChatError) in try Username(text) }
        try await invocation.withBackend { backend throws(ChatError) in
            let filter = RoomFilter(
                kind: kind, member: member, idleSince: idle.map { invocation.clock.now() - $0.value })
            try invocation.show(rooms: try await backend.service.rooms(filter))
        }
    }
}
