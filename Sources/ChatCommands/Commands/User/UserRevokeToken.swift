import ArgumentParser
import ChatCore

/// `chatctl user revoke-token`
struct UserRevokeToken: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke-token", abstract: "Revoke a token and end the connections made with it.")

    @Argument(help: "Username.") var name: String
    @Argument(help: "ID of the token, from 'user tokens'.") var id: Int64
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        try await invocation.withBackend { backend throws(ChatError) in
            try await backend.service.revokeToken(id, of: username)
            try invocation.done("revoked token \(id) of \(username)")
        }
    }
}
