import ArgumentParser
import ChatCore

// The commands that change one field of a room differ in that field alone, so they stand together.

extension Invocation {
    /// Changes a room and shows it.
    fileprivate func change(_ name: String, _ change: RoomChange) async throws(ChatError) {
        let room = try RoomName(name)
        try await withBackend { backend throws(ChatError) in
            try show(room: try await backend.service.updateRoom(room, change))
        }
    }
}

/// `chatctl room rename`
struct RoomRename: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Rename a room.")

    @Argument(help: "Name of the room.", completion: .live(.rooms)) var name: String
    @Argument(help: "New name.") var newName: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.change(name, RoomChange(name: RoomName(newName)))
    }
}

/// `chatctl room topic`
struct RoomTopic: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "topic", abstract: "Set the topic of a room.")

    @Argument(help: "Name of the room.", completion: .live(.rooms)) var name: String
    @Argument(help: "The topic; empty to remove it.") var topic: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.change(name, RoomChange(topic: topic))
    }
}

/// `chatctl room archive`
struct RoomArchive: InvocableCommand {
    static let configuration = CommandConfiguration(commandName: "archive", abstract: "Make rooms read-only.")

    @Argument(help: ArgumentHelp("Names of the rooms.", valueName: "name"), completion: .live(.rooms)) var names:
        [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        let change = try RoomChange(archived: true)
        return try await invocation.forEachRoom(names) { backend, name throws(ChatError) in
            try await backend.service.updateRoom(name, change)
        }
    }
}

/// `chatctl room unarchive`
struct RoomUnarchive: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unarchive", abstract: "Make archived rooms writable again.")

    @Argument(help: ArgumentHelp("Names of the rooms.", valueName: "name"), completion: .live(.rooms)) var names:
        [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        let change = try RoomChange(archived: false)
        return try await invocation.forEachRoom(names) { backend, name throws(ChatError) in
            try await backend.service.updateRoom(name, change)
        }
    }
}
