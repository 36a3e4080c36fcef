import ArgumentParser
import ChatCore

/// `chatctl user enable`
struct UserEnable: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Enable disabled accounts.")

    @Argument(help: ArgumentHelp("Usernames.", valueName: "name"), completion: .live(.users)) var names: [String]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        let change = try UserChange(disabled: false)
        return try await invocation.forEachUser(names) { backend, name throws(ChatError) in
            try await backend.service.updateUser(name, change)
        }
    }
}
