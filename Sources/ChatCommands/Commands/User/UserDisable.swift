import ArgumentParser
import ChatCore

/// `chatctl user disable`
struct UserDisable: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable accounts and end their live connections.")

    @Argument(help: ArgumentHelp("Usernames.", valueName: "name")) var names: [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let change = try UserChange(disabled: true)
        try await invocation.forEachUser(names) { backend, name throws(ChatError) in
            try await backend.service.updateUser(name, change)
        }
    }
}
