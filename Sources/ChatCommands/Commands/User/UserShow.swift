import ArgumentParser
import ChatCore

/// `chatctl user show`
struct UserShow: InvocableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show accounts.")

    @Argument(help: ArgumentHelp("Usernames.", valueName: "name"), completion: .live(.users)) var names: [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        try await invocation.forEachUser(names) { backend, name throws(ChatError) in
            try await backend.service.user(named: name)
        }
    }
}
