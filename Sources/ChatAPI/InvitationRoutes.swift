import ChatCore
import ChatHTTP
import ChatWire
import Hummingbird

/// Invitations, for administrators.
struct InvitationRoutes {
    let chat: Chat

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/invitations", "Lists invitations, for administrators",
                answers: [.ok("The newest invitations, by id.", .list(.invitation))]
            ) { call in
                let invitations = try await chat.service(of: call.context).invitations()
                return Response.json { $0.array(invitations) { $0.invitation($1) } }
            },
            Route(
                .post, "/api/v1/invitations", "Makes an invitation, for administrators", body: InvitationRequest.self,
                answers: [.created("The invitation with its code, which is shown once.", .issuedInvitation)]
            ) { call, wish in
                let issued = try await chat.service(of: call.context).createInvitation(
                    uses: Int(wish.uses ?? 1), life: wish.life_ms.map { .milliseconds($0) })
                return Response.json(.created) { $0.issuedInvitation(issued) }
            },
            Route(
                .delete, "/api/v1/invitations/{id}", "Revokes an invitation, for administrators", answers: [.done]
            ) { call in
                try await chat.service(of: call.context).revokeInvitation(call.context.number("id"))
                return Response.noContent
            },
        ]
    }
}
