import ArgumentParser
import ChatCore

/// `chatctl user show`
struct UserShow: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an account.")

    @Argument(help: "Username.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(user: try await backend.service.user(named: username))
        }
    }
}
