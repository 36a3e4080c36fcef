import ArgumentParser
import ChatCore

/// `chatctl user disable`
struct UserDisable: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable accounts and end their live connections.")

    @Argument(help: ArgumentHelp("Usernames.", valueName: "name"), completion: .live(.users)) var names: [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        let change = try UserChange(disabled: true)
        return try await invocation.forEachUser(names) { backend, name throws(ChatError) in
            try await backend.service.updateUser(name, change)
        }
    }
}
