import ArgumentParser
import ChatCore

/// `chatctl room kick`
struct RoomKick: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "kick", abstract: "Remove a user from a room and end their membership.")

    @OptionGroup var target: RoomAndUser
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let (room, user) = try target.names()
        try await invocation.withBackend { backend throws(ChatError) in
            let wasThere = try await backend.service.kick(user, from: room)
            try await invocation.showStanding(of: user, in: room, backend, changed: wasThere) {
                wasThere
                    ? "kicked \(user) from \(room)"
                    : "nothing to do: \(user) is neither a member of \(room) nor online there"
            }
        }
    }
}
