import ChatCore

extension WatchedStore: InvitationStore {
    package func insertInvitation(
        digest: [UInt8], uses: Int, expiresAt: Timestamp?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> Invitation {
        try await store.insertInvitation(digest: digest, uses: uses, expiresAt: expiresAt, at: moment, act: act)
    }

    package func invitations() async throws(ChatError) -> [Invitation] { try await store.invitations() }

    package func deleteInvitation(_ id: Int64, at moment: Timestamp, act: Act) async throws(ChatError) -> Bool {
        try await store.deleteInvitation(id, at: moment, act: act)
    }

    package func isOpen(invitation digest: [UInt8], at moment: Timestamp) async throws(ChatError) -> Bool {
        try await store.isOpen(invitation: digest, at: moment)
    }

    package func redeemInvitation(
        digest: [UInt8], _ user: NewUser, passwordHash: String?, at moment: Timestamp, act: Act
    ) async throws(ChatError) -> User {
        try await store.redeemInvitation(digest: digest, user, passwordHash: passwordHash, at: moment, act: act)
    }
}

extension WatchedStore: SeatStore {
    package func seats(of user: UserID) async throws(ChatError) -> [MemberSeat] { try await store.seats(of: user) }
}

extension WatchedStore: AvatarStore {
    package func avatar(of name: Username) async throws(ChatError) -> Avatar? { try await store.avatar(of: name) }

    package func setAvatar(
        _ avatar: Avatar?, of user: UserID, at moment: Timestamp, act: Act
    ) async throws(ChatError) {
        try await store.setAvatar(avatar, of: user, at: moment, act: act)
    }
}
