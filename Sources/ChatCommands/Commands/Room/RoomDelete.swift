import ArgumentParser
import ChatCore

/// `chatctl room delete`
struct RoomDelete: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete rooms with all their messages.")

    @Argument(help: ArgumentHelp("Names of the rooms.", valueName: "name"), completion: .live(.rooms)) var names:
        [String]
    @Flag(help: "Confirm it.") var yes = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        guard yes else { throw .unconfirmed("deleting room \(names.joined(separator: ", "))") }
        return try await invocation.forEach(names) { text throws(ChatError) in
            try RoomName(text)
        } _: { backend, room throws(ChatError) in
            try await backend.service.deleteRoom(room)
            return room
        } each: { room throws(ChatError) in
            try invocation.say("deleted room \(room)")
        } all: { rooms throws(ChatError) in
            try invocation.show(list: "deleted", rooms.map(\.text))
        }
    }
}
