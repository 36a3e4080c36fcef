import ArgumentParser
import ChatCore

/// `chatctl presence`
struct PresenceCommand: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "presence", abstract: "Show who is online.")

    @Argument(help: "Rooms. Without any: all rooms you may see.") var room: [String] = []
    @Flag(help: "Go on, and print each change.") var watch = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// How often a watch polls: changes show within 100 ms.
    private static let interval: Duration = .milliseconds(50)

    func run(_ invocation: Invocation) async throws(ChatError) {
        var names: [RoomName] = []
        for text in room { names.append(try RoomName(text)) }
        try await invocation.withBackend { backend throws(ChatError) in
            if names.isEmpty { names = try await backend.service.rooms(RoomFilter()).map(\.name) }
            let first = try await presence(of: names, backend)
            guard watch else { return try invocation.show(presence: first) }
            try await watch(names, from: first, backend, invocation)
        }
    }

    private func presence(of rooms: [RoomName], _ backend: Backend) async throws(ChatError) -> [RoomPresence] {
        var all: [RoomPresence] = []
        for room in rooms { all.append(try await backend.service.presence(in: room)) }
        return all
    }

    /// Prints each room once, and again whenever it has changed.
    private func watch(
        _ rooms: [RoomName], from first: [RoomPresence], _ backend: Backend, _ invocation: Invocation
    ) async throws(ChatError) {
        for room in first { try invocation.show(presence: [room]) }
        var known = first
        while true {
            do { try await Task.sleep(for: Self.interval) } catch { throw ChatError.wrapping(error) }
            let now = try await presence(of: rooms, backend)
            for (old, new) in zip(known, now) where old != new { try invocation.show(presence: [new]) }
            known = now
        }
    }
}
