/// An invitation as stored: without its code or the code's hash.
package struct Invitation: Equatable, Sendable {
    package let id: Int64
    /// How many accounts can be made with it, and how many were.
    package let uses: Int
    package let used: Int
    /// The name of who made it, as in the audit log.
    package let by: String
    package let createdAt: Timestamp
    package let expiresAt: Timestamp?

    package init(id: Int64, uses: Int, used: Int, by: String, createdAt: Timestamp, expiresAt: Timestamp?) {
        self.id = id
        self.uses = uses
        self.used = used
        self.by = by
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A new invitation with its code, which is never available again.
package struct IssuedInvitation: Sendable {
    package let invitation: Invitation
    package let code: String

    package init(invitation: Invitation, code: String) {
        self.invitation = invitation
        self.code = code
    }
}

extension IssuedInvitation {
    /// Where people use it, on the server.
    package var path: String { "/join/" + code }
}

/// Use cases on invitations, in this process or on a server; for administrators.
package protocol InvitationService: Sendable {
    /// Makes an invitation for `uses` accounts; without a `life` it does not end.
    func createInvitation(uses: Int, life: Duration?) async throws(ChatError) -> IssuedInvitation
    /// Returns the invitations that were not revoked, used ones and expired ones too, sorted by id.
    func invitations() async throws(ChatError) -> [Invitation]
    /// - Throws: `notFound`.
    func revokeInvitation(_ id: Int64) async throws(ChatError)
}

/// Stores invitations.
package protocol InvitationStore: Sendable {
    func insertInvitation(
        digest: [UInt8], uses: Int, expiresAt: Timestamp?, at: Timestamp, act: Act
    ) async throws(ChatError) -> Invitation
    /// Returns the newest ``Limits/listPage`` invitations, sorted by id.
    func invitations() async throws(ChatError) -> [Invitation]
    /// Returns true if there was such an invitation.
    func deleteInvitation(_ id: Int64, at: Timestamp, act: Act) async throws(ChatError) -> Bool
    /// True if an account can be made with the invitation.
    func isOpen(invitation digest: [UInt8], at: Timestamp) async throws(ChatError) -> Bool
    /// Adds an account and counts the invitation's use in the same transaction.
    ///
    /// - Throws: `notFound` if the invitation is used up, revoked or expired; `alreadyExists`. Nothing is stored then.
    func redeemInvitation(
        digest: [UInt8], _ user: NewUser, passwordHash: String?, at: Timestamp, act: Act
    ) async throws(ChatError) -> User
}

extension LocalChat: InvitationService {
    package func createInvitation(uses: Int, life: Duration?) async throws(ChatError) -> IssuedInvitation {
        try caller.requireAdministrator(for: "inviting people")
        guard Limits.invitationUses.contains(uses) else {
            throw ChatError(
                .invalidInput, "invitation: not for 1 to \(Limits.invitationUses.upperBound) accounts",
                fields: ["uses": ["Use 1 to \(Limits.invitationUses.upperBound)."]])
        }
        let moment = now()
        let end = try moment.end(ofLife: life, of: "invitation")
        let code = try chat.secrets.newToken()
        let made = try await store.insertInvitation(
            digest: chat.secrets.digest(token: code), uses: uses, expiresAt: end, at: moment,
            act: Act("invite.create", by: caller, on: "", detail: "\(uses) \(end?.rfc3339 ?? "")"))
        return IssuedInvitation(invitation: made, code: code)
    }

    package func invitations() async throws(ChatError) -> [Invitation] {
        try caller.requireAdministrator(for: "listing invitations")
        return try await store.invitations()
    }

    package func revokeInvitation(_ id: Int64) async throws(ChatError) {
        try caller.requireAdministrator(for: "revoking invitations")
        let act = Act("invite.revoke", by: caller, on: String(id))
        guard try await store.deleteInvitation(id, at: now(), act: act) else {
            throw ChatError(.notFound, "invitation \(id): no such invitation")
        }
    }
}
