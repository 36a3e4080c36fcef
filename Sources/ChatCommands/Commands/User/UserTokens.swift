import ArgumentParser
import ChatCore

/// `chatctl user tokens`
struct UserTokens: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "List a user's tokens, without their secrets.")

    @Argument(help: "Username.") var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let username = try Username(name)
        try await session.withBackend { backend throws(ChatError) in
            session.show(tokens: try await backend.service.tokens(of: username))
        }
    }
}
