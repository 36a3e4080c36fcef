import ChatCore
import ChatWire

extension RemoteChat {
    package func createInvitation(uses: Int, life: Duration?) async throws(ChatError) -> IssuedInvitation {
        let wish = InvitationRequest(uses: Int64(uses), life_ms: life?.milliseconds)
        let shape = try await fetch(InvitationShape.self, .POST, Target.api("invitations"), wish)
        guard let code = shape.code else { throw address.strangeAnswer }
        return IssuedInvitation(invitation: shape.invitation, code: code)
    }

    package func invitations() async throws(ChatError) -> [Invitation] {
        try await fetch([InvitationShape].self, .GET, Target.api("invitations")).map(\.invitation)
    }

    package func revokeInvitation(_ id: Int64) async throws(ChatError) {
        try await perform(.DELETE, Target.api("invitations", String(id)))
    }
}
