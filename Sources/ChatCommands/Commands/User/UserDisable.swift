import ArgumentParser
import ChatCore

/// `chatctl user disable`
struct UserDisable: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable an account and end its live connections.")

    @Argument(help: "Username.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        let change = try UserChange(disabled: true)
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(user: try await backend.service.updateUser(username, change))
        }
    }
}
