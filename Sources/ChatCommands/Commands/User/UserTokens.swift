import ArgumentParser
import ChatCore

/// `chatctl user tokens`
struct UserTokens: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "List a user's tokens, without their secrets.")

    @Argument(help: "Username.", completion: .live(.users)) var name: String
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(tokens: try await backend.service.tokens(of: username))
        }
    }
}
