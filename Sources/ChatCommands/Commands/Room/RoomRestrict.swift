import ArgumentParser
import ChatCore

// Banning and muting differ in the kind of restriction and in words alone, so they stand together.

extension Invocation {
    /// Restricts a user in a room.
    fileprivate func restrict(
        _ kind: RestrictionKind, _ target: RoomAndUser, _ terms: RestrictionTerms, done: String
    ) async throws(ChatError) {
        let (room, user) = try target.names()
        try await withBackend { backend throws(ChatError) in
            try await backend.service.restrict(
                kind, user, in: room, for: terms.life?.value, reason: terms.reason)
            try await showStanding(of: user, in: room, backend, changed: true) { "\(done) \(user) in \(room)" }
        }
    }

    /// Lifts a restriction. Without one there is nothing to do, which is said and is no error.
    fileprivate func lift(_ kind: RestrictionKind, _ target: RoomAndUser) async throws(ChatError) {
        let (room, user) = try target.names()
        try await withBackend { backend throws(ChatError) in
            let isLifted = try await backend.service.lift(kind, from: user, in: room)
            try await showStanding(of: user, in: room, backend, changed: isLifted) {
                isLifted
                    ? "lifted the \(kind.rawValue) of \(user) in \(room)"
                    : "nothing to do: \(user) has no \(kind.rawValue) in \(room)"
            }
        }
    }

    /// Says what an act of moderation did; in JSON with the restrictions of the user that are now in force.
    ///
    /// - Parameter changed: false if things were so already.
    func showStanding(
        of user: Username, in room: RoomName, _ backend: Backend, changed: Bool, _ text: () -> String
    ) async throws(ChatError) {
        guard printsJSON else { return try say(text()) }
        let imposed = try await backend.service.restrictions(in: room).filter { $0.username == user }
        try document { json in
            json.field("room", room.text)
            json.field("username", user.text)
            json.field("changed", changed)
            json.key("restrictions")
            json.array(imposed) { $0.restriction($1, in: room) }
        }
    }
}

/// How long a restriction holds, and why.
struct RestrictionTerms: ParsableArguments, Sendable {
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long, such as 1h. Without it: until lifted.", valueName: "duration"))
    var life: DurationArgument?
    @Option(help: ArgumentHelp("Why, for those who moderate the room.", valueName: "text")) var reason = ""
}

/// `chatctl room ban`
struct RoomBan: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "ban", abstract: "Keep a user out of a room.")

    @OptionGroup var target: RoomAndUser
    @OptionGroup var terms: RestrictionTerms
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.restrict(.ban, target, terms, done: "banned")
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
    @OptionGroup var terms: RestrictionTerms
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.restrict(.mute, target, terms, done: "muted")
    }
}

/// `chatctl room unmute`
struct RoomUnmute: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "unmute", abstract: "Lift a user's mute in a room.")

    @OptionGroup var target: RoomAndUser
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) { try await invocation.lift(.mute, target) }
}
