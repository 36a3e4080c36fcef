import ArgumentParser
import ChatCore

/// `chatctl room delete`
struct RoomDelete: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a room with all its messages.")

    @Argument(help: "Name of the room.") var name: String
    @Flag(help: "Confirm it.") var yes = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let room = try RoomName(name)
        guard yes else { throw .unconfirmed("deleting room \(room)") }
        try await invocation.withBackend { backend throws(ChatError) in
            try await backend.service.deleteRoom(room)
            try invocation.done("deleted room \(room)")
        }
    }
}
