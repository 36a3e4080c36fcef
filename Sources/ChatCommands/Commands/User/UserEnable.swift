import ArgumentParser
import ChatCore

/// `chatctl user enable`
struct UserEnable: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Enable a disabled account.")

    @Argument(help: "Username.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        let change = try UserChange(disabled: false)
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(user: try await backend.service.updateUser(username, change))
        }
    }
}
