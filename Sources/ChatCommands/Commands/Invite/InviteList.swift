import ArgumentParser
import ChatCore
import ChatTerminal
import ChatWire

/// `chatctl invite list`
struct InviteList: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the invitations, without their codes.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.withBackend { backend throws(ChatError) in
            let invitations = try await backend.service.invitations()
            try invocation.show(json: { $0.array(invitations) { $0.invitation($1) } }) {
                var table = Table("ID", "USED", "CREATED", "EXPIRES", "BY")
                for invitation in invitations {
                    table.add(
                        String(invitation.id), "\(invitation.used) of \(invitation.uses)",
                        invitation.createdAt.rfc3339, invitation.expiresAt?.rfc3339 ?? "never",
                        invocation.screen.harmless(invitation.by))
                }
                return table.lines(width: invocation.screen.output.width)
            }
        }
    }
}
