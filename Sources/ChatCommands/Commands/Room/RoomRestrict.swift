import ArgumentParser
import ChatCore

/// `chatctl room ban`
struct RoomBan: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "ban", abstract: "Keep a user out of a room.")

    @Argument(help: "Name of the room.") var name: String
    @Argument(help: "Username.") var user: String
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long, such as 1h; until lifted when left out.", valueName: "duration"))
    var life: DurationArgument?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let (room, user) = (try RoomName(name), try Username(user))
        try await session.withBackend { backend throws(ChatError) in
            try await backend.service.restrict(.ban, user, in: room, for: life?.value)
            session.done("banned \(user) in \(room)")
        }
    }
}

/// `chatctl room unban`
struct RoomUnban: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "unban", abstract: "Let a banned user in again.")

    @Argument(help: "Name of the room.") var name: String
    @Argument(help: "Username.") var user: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let (room, user) = (try RoomName(name), try Username(user))
        try await session.withBackend { backend throws(ChatError) in
            try await backend.service.lift(.ban, from: user, in: room)
            session.done("lifted the ban of \(user) in \(room)")
        }
    }
}
