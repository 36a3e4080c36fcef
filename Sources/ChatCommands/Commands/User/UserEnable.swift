import ArgumentParser
import ChatCore

/// `chatctl user enable`
struct UserEnable: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Unlock an account.")

    @Argument(help: "Username.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let username = try Username(name)
        let change = try UserChange(disabled: false)
        try await session.withBackend { backend throws(ChatError) in
            session.show(user: try await backend.service.updateUser(username, change))
        }
    }
}
