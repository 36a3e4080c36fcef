import ArgumentParser
import ChatCore

/// `chatctl invite create`
struct InviteCreate: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an invitation and print its address once.",
        discussion: "It is good also where sign-up is closed.")

    @Option(help: "How many accounts can be made with it.") var uses = 1
    @Option(help: ArgumentHelp("How long it is valid, such as 7d. Without it: until revoked.", valueName: "duration"))
    var expires: DurationArgument?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard Limits.invitationUses.contains(uses) else {
            throw ValidationError("--uses is not from 1 to \(Limits.invitationUses.upperBound)")
        }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.withBackend { backend throws(ChatError) in
            let issued = try await backend.service.createInvitation(uses: uses, life: expires?.value)
            let address = backend.address
            if address == nil { invocation.screen.notice("chatctl: put the address of your server before it") }
            try invocation.show(json: { $0.issuedInvitation(issued, address: address) }) {
                [(address ?? "") + issued.path]
            }
        }
    }
}
