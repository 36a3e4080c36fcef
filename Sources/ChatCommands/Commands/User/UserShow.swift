import ArgumentParser
import ChatCore

/// `chatctl user show`
struct UserShow: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show accounts.")

    @Argument(help: ArgumentHelp("Usernames.", valueName: "name")) var names: [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.forEachUser(names) { backend, name throws(ChatError) in
            try await backend.service.user(named: name)
        }
    }
}
