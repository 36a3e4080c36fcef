import ArgumentParser
import ChatCore

/// `chatctl presence`
struct PresenceCommand: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "presence", abstract: "Show who is online.")

    @Argument(help: "Rooms. Without any: those rooms where somebody is online.", completion: .live(.rooms)) var room:
        [String] = []
    @Flag(help: "Go on, and print each change.") var watch = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    /// How often a watch polls: changes show within 100 ms.
    private static let interval: Duration = .milliseconds(50)

    func run(_ invocation: Invocation) async throws(ChatError) {
        var names: [RoomName] = []
        for text in room { names.append(try RoomName(text)) }
        try await invocation.withBackend { [names] backend throws(ChatError) in
            guard watch else {
                let isOne = room.count == 1
                return try invocation.show(presence: try await presence(of: names, backend), isOne: isOne)
            }
            try await invocation.whileRead { () async throws(ChatError) in
                try await watch(names, backend, invocation)
            }
        }
    }

    /// Of the rooms named, or of those rooms where somebody is online.
    private func presence(of named: [RoomName], _ backend: Backend) async throws(ChatError) -> [RoomPresence] {
        var all: [RoomPresence] = []
        let rooms =
            named.isEmpty
            ? try await backend.service.rooms(RoomFilter()).filter { $0.onlineCount > 0 }.map(\.name) : named
        for room in rooms { all.append(try await backend.service.presence(in: room)) }
        return named.isEmpty ? all.filter { !$0.users.isEmpty } : all
    }

    /// Prints each room once, and again whenever it has changed; a room that nobody is left in, a last time.
    private func watch(
        _ names: [RoomName], _ backend: Backend, _ invocation: Invocation
    ) async throws(ChatError) {
        var known: [RoomPresence] = []
        while true {
            let now = try await presence(of: names, backend)
            let gone = known.filter { old in !old.users.isEmpty && !now.contains { $0.room == old.room } }
            for room in now where !known.contains(room) { try invocation.show(presence: [room], isOne: true) }
            for room in gone { try invocation.show(presence: [RoomPresence(room: room.room, users: [])], isOne: true) }
            known = now
            do { try await Task.sleep(for: Self.interval) } catch { throw ChatError.wrapping(error) }
        }
    }
}
