import ArgumentParser
import ChatCore

/// `chatctl room mute`
struct RoomMute: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "mute", abstract: "Keep a user from posting in a room.")

    @Argument(help: "Name of the room.") var name: String
    @Argument(help: "Username.") var user: String
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long, such as 10m; until lifted when left out.", valueName: "duration"))
    var life: DurationArgument?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let (room, user) = (try RoomName(name), try Username(user))
        try await session.withBackend { backend throws(ChatError) in
            try await backend.service.restrict(.mute, user, in: room, for: life?.value)
            session.done("muted \(user) in \(room)")
        }
    }
}

/// `chatctl room unmute`
struct RoomUnmute: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "unmute", abstract: "Let a muted user post again.")

    @Argument(help: "Name of the room.") var name: String
    @Argument(help: "Username.") var user: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let (room, user) = (try RoomName(name), try Username(user))
        try await session.withBackend { backend throws(ChatError) in
            try await backend.service.lift(.mute, from: user, in: room)
            session.done("lifted the mute of \(user) in \(room)")
        }
    }
}
