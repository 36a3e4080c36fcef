import ArgumentParser
import ChatCore

// Banning and muting differ in the kind of restriction and in words alone, so they stand together.

extension Invocation {
    /// Restricts a user in a room, until it is lifted when `life` is nil.
    fileprivate func restrict(
        _ kind: RestrictionKind, _ target: RoomAndUser, for life: Duration?, done: String
    ) async throws(ChatError) {
        let (room, user) = try target.names()
        try await withBackend { backend throws(ChatError) in
            try await backend.service.restrict(kind, user, in: room, for: life)
            try self.done("\(done) \(user) in \(room)")
        }
    }

    /// Lifts a restriction; it is no error when there is none.
    fileprivate func lift(_ kind: RestrictionKind, _ target: RoomAndUser) async throws(ChatError) {
        let (room, user) = try target.names()
        try await withBackend { backend throws(ChatError) in
            try await backend.service.lift(kind, from: user, in: room)
            try done("lifted the \(kind.rawValue) of \(user) in \(room)")
        }
    }
}

/// How long a restriction holds.
struct RestrictionLife: ParsableArguments, Sendable {
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long, such as 1h. Without it: until lifted.", valueName: "duration"))
    var life: DurationArgument?
}

/// `chatctl room ban`
struct RoomBan: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "ban", abstract: "Keep a user out of a room.")

    @OptionGroup var target: RoomAndUser
    @OptionGroup var life: RestrictionLife
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.restrict(.ban, target, for: life.life?.value, done: "banned")
    }
}

/// `chatctl room unban`
struct RoomUnban: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "unban", abstract: "Lift a user's ban from a room.")

    @OptionGroup var target: RoomAndUser
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) { try await invocation.lift(.ban, target) }
}

/// `chatctl room mute`
struct RoomMute: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "mute", abstract: "Keep a user from posting in a room.")

    @OptionGroup var target: RoomAndUser
    @OptionGroup var life: RestrictionLife
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.restrict(.mute, target, for: life.life?.value, done: "muted")
    }
}

/// `chatctl room unmute`
struct RoomUnmute: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "unmute", abstract: "Lift a user's mute in a room.")

    @OptionGroup var target: RoomAndUser
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) { try await invocation.lift(.mute, target) }
}
