import ArgumentParser
import ChatCore

/// `chatctl room show`
struct RoomShow: InvocableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show rooms.")

    @Argument(help: ArgumentHelp("Names of the rooms.", valueName: "name"), completion: .live(.rooms)) var names:
        [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        try await invocation.forEachRoom(names) { backend, name throws(ChatError) in
            try await backend.service.room(named: name)
        }
    }
}
