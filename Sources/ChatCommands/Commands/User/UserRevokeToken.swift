import ArgumentParser
import ChatCore

/// `chatctl user revoke-token`
struct UserRevokeToken: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke-token", abstract: "Revoke a token; connections made with it end.")

    @Argument(help: "Username.") var name: String
    @Argument(help: "Number of the token, from 'user tokens'.") var id: Int64
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let username = try Username(name)
        try await session.withBackend { backend throws(ChatError) in
            try await backend.service.revokeToken(id, of: username)
            session.done("revoked token \(id) of \(username)")
        }
    }
}
