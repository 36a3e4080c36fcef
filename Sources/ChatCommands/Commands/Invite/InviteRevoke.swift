import ArgumentParser
import ChatCore

/// `chatctl invite revoke`
struct InviteRevoke: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke invitations; accounts made with them stay.")

    @Argument(help: ArgumentHelp("IDs of the invitations, from 'invite list'.", valueName: "id")) var ids: [Int64]
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        try await invocation.forEach(ids) { id throws(ChatError) in
            id
        } _: { backend, id throws(ChatError) in
            try await backend.service.revokeInvitation(id)
            return id
        } each: { id throws(ChatError) in
            try invocation.say("revoked invitation \(id)")
        } all: { revoked throws(ChatError) in
            try invocation.document { json in
                json.key("revoked")
                json.array(revoked) { $0.value($1) }
            }
        }
    }
}
