import ArgumentParser
import ChatCore

/// `chatctl user revoke-token`
struct UserRevokeToken: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke-token", abstract: "Revoke tokens and end the connections made with them.")

    @Argument(help: "Username.", completion: .live(.users)) var name: String
    @Argument(
        help: ArgumentHelp("IDs of the tokens, from 'user tokens'.", valueName: "id"),
        completion: .live(.tokens)) var ids: [Int64]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        let username = try Username(name)
        return try await invocation.forEach(ids) { id throws(ChatError) in
            id
        } _: { backend, id throws(ChatError) in
            try await backend.service.revokeToken(id, of: username)
            return id
        } each: { id throws(ChatError) in
            try invocation.say("revoked token \(id) of \(username)")
        } all: { revoked throws(ChatError) in
            try invocation.document { json in
                json.field("username", username.text)
                json.key("revoked")
                json.array(revoked) { $0.value($1) }
            }
        }
    }
}
