import ArgumentParser
import ChatCore

/// `chatctl presence`
struct PresenceCommand: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "presence", abstract: "Show who is online.")

    @Argument(help: "Rooms; all you may see when left out.") var room: [String] = []
    @Flag(help: "Go on and print every change.") var watch = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// How often a watch looks: often enough for the promise of 100 ms.
    private static let interval: Duration = .milliseconds(50)

    func run(_ session: Session) async throws(ChatError) {
        var names: [RoomName] = []
        for text in room { names.append(try RoomName(text)) }
        try await session.withBackend { backend throws(ChatError) in
            if names.isEmpty { names = try await backend.service.rooms(RoomFilter()).map(\.name) }
            let first = try await presence(of: names, backend)
            guard watch else { return session.show(presence: first) }
            try await watch(names, from: first, backend, session)
        }
    }

    private func presence(of rooms: [RoomName], _ backend: Backend) async throws(ChatError) -> [RoomPresence] {
        var all: [RoomPresence] = []
        for room in rooms { all.append(try await backend.service.presence(in: room)) }
        return all
    }

    /// Prints each room at first and whenever it changed.
    private func watch(
        _ rooms: [RoomName], from first: [RoomPresence], _ backend: Backend, _ session: Session
    ) async throws(ChatError) {
        for room in first { session.show(presence: [room]) }
        var known = first
        while true {
            do { try await Task.sleep(for: Self.interval) } catch { throw ChatError.wrapping(error) }
            let now = try await presence(of: rooms, backend)
            for (old, new) in zip(known, now) where old != new { session.show(presence: [new]) }
            known = now
        }
    }
}
