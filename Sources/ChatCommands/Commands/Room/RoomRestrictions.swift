import ArgumentParser
import ChatCore
import ChatTerminal

/// `chatctl room restrictions`
struct RoomRestrictions: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "restrictions", abstract: "List the bans and mutes in force in a room.")

    @Argument(help: "Name of the room.", completion: .live(.rooms)) var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let room = try RoomName(name)
        try await invocation.withBackend { backend throws(ChatError) in
            let imposed = try await backend.service.restrictions(in: room)
            try invocation.show(json: { $0.array(imposed) { $0.restriction($1, in: room) } }) {
                var table = Table("USERNAME", "KIND", "UNTIL", "BY", "SINCE", "REASON")
                for each in imposed {
                    table.add(
                        each.username.text, each.kind.rawValue, each.until?.rfc3339 ?? "lifted",
                        invocation.screen.harmless(each.by), each.at.rfc3339,
                        invocation.screen.harmless(each.reason))
                }
                return table.lines(width: invocation.screen.output.width)
            }
        }
    }
}
