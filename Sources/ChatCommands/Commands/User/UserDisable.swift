import ArgumentParser
import ChatCore

/// `chatctl user disable`
struct UserDisable: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Lock an account; its live connections end.")

    @Argument(help: "Username.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let username = try Username(name)
        let change = try UserChange(disabled: true)
        try await session.withBackend { backend throws(ChatError) in
            session.show(user: try await backend.service.updateUser(username, change))
        }
    }
}
