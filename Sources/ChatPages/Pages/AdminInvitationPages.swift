import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// Invitations, for administrators.
struct AdminInvitationPages: Sendable {
    let admin: AdminPages
    private var pages: Pages { admin.pages }

    var routes: [Route] {
        [
            admin.page("/admin/invitations") { _, visitor in try await show(visitor) },
            admin.form("/admin/invitations", create),
            admin.form("/admin/invitations/{id}/revoke") { call, visitor, _ in
                try await pages.service(visitor).revokeInvitation(call.context.number("id"))
                return .seeOther("/admin/invitations")
            },
        ]
    }

    /// - Parameter address: of an invitation that was just made, which is shown once.
    private func show(
        _ visitor: Visitor, address: String? = nil, error: ChatError? = nil
    ) async throws -> Response {
        let invitations = try await pages.service(visitor).invitations()
        let values: PageValues = [
            "invitations": .list(
                invitations.reversed().map { invitation in
                    [
                        "id": .number(invitation.id), "uses": .number(Int64(invitation.uses)),
                        "used": .number(Int64(invitation.used)), "by": .text(invitation.by),
                        "made": .text(PageTime.minute(invitation.createdAt)),
                        "ends": .text(PageTime.minute(invitation.expiresAt, orNot: "never")),
                    ]
                }),
            "isEmpty": .flag(invitations.isEmpty), "address": .text(address),
            "error": .text(error.map(PageWords.reason)), "onInvitations": true,
        ]
        return try pages.page("admin-invitations", "Invitations", visitor, values, status: error?.code.status ?? .ok)
    }

    @Sendable private func create(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        do {
            let (uses, days) = (Int(form.trimmed("uses")), Int64(form.trimmed("days")))
            guard let uses, let days, (1...3_653).contains(days) else {
                throw ChatError(.invalidInput, "give the number of people, and 1 to 3653 days")
            }
            let issued = try await pages.service(visitor).createInvitation(uses: uses, life: .seconds(days * 86_400))
            return try await show(visitor, address: address(call) + "/join/" + issued.code)
        } catch let error as ChatError {
            return try await show(visitor, error: error)
        }
    }

    /// The server's address as this browser reached it.
    private func address(_ call: Call) -> String {
        "\(pages.settings.usesTLS ? "https" : "http")://\(call.request.head.authority ?? "")"
    }
}
