import ChatCore
import Testing

extension StoreContract {
    static let invitationChecks = [
        StoreCheck("an invitation makes as many accounts as it says") { contract in
            let (made, digest) = try await contract.makeInvitation(uses: 2)
            #expect(made.uses == 2 && made.used == 0 && made.createdAt == contract.now && made.expiresAt == nil)
            let first = try await contract.redeem(digest)
            #expect(try await contract.other.user(named: first.username) == first)
            #expect(try await contract.other.isOpen(invitation: digest, at: contract.now))
            _ = try await contract.redeem(digest)
            #expect(try await !contract.other.isOpen(invitation: digest, at: contract.now))
            await expect(.notFound) { _ = try await contract.redeem(digest) }
            #expect(try await contract.other.invitations().first { $0.id == made.id }?.used == 2)
        },
        StoreCheck("of many who come at once an invitation lets in as many as it says") { contract in
            let (made, digest) = try await contract.makeInvitation(uses: 3)
            let joined = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let store = number.isMultiple(of: 2) ? contract.store : contract.other
                        return (try? await contract.redeem(digest, in: store)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(joined == 3)
            #expect(try await contract.store.invitations().first { $0.id == made.id }?.used == 3)
        },
        StoreCheck("a taken name does not use an invitation up") { contract in
            let (made, digest) = try await contract.makeInvitation(uses: 1)
            let taken = try await contract.makeUser()
            let new = try NewUser(username: taken.username, displayName: nil, role: .user, password: nil)
            await expect(.alreadyExists) {
                _ = try await contract.store.redeemInvitation(
                    digest: digest, new, passwordHash: nil, at: contract.now, act: contract.act)
            }
            #expect(try await contract.other.invitations().first { $0.id == made.id }?.used == 0)
        },
        StoreCheck("an invitation that ended or was revoked lets nobody in") { contract in
            let (ended, late) = try await contract.makeInvitation(uses: 1, expiresAt: contract.now)
            #expect(ended.expiresAt == contract.now)
            #expect(try await !contract.store.isOpen(invitation: late, at: contract.now))
            await expect(.notFound) { _ = try await contract.redeem(late) }
            let (made, digest) = try await contract.makeInvitation(uses: 1)
            let store = contract.store
            #expect(try await store.deleteInvitation(made.id, at: contract.now, act: contract.act))
            #expect(try await !store.deleteInvitation(made.id, at: contract.now, act: contract.act))
            await expect(.notFound) { _ = try await contract.redeem(digest) }
            #expect(try await !contract.other.invitations().contains { $0.id == made.id })
        },
        StoreCheck("a picture is kept byte by byte, changed, taken away and gone with its account") { contract in
            let user = try await contract.makeUser()
            let (store, bytes) = (contract.store, (0...255).map { UInt8($0) })
            #expect(try await store.avatar(of: user.username) == nil)
            for avatar in [Avatar(stored: .png, bytes), Avatar(stored: .webp, [1]), nil, Avatar(stored: .jpeg, bytes)] {
                try await store.setAvatar(avatar, of: user.id, at: contract.now, act: contract.act)
                #expect(try await contract.other.avatar(of: user.username) == avatar)
            }
            try await store.deleteUser(user.id, at: contract.now, act: contract.act)
            #expect(try await contract.other.avatar(of: user.username) == nil)
        },
    ]

    static let seatChecks = [
        StoreCheck("a member's seats tell roles, read marks and the other member of a direct room") { contract in
            let (one, two) = (try await contract.makeUser(), try await contract.makeUser())
            let room = try await contract.makeRoom(isPrivate: true, owner: one, members: [two])
            let direct = try await contract.store.makeDirectRoom(
                one.id, two.id, freshName: RoomName(contract.unique("direct")), at: contract.now
            ).room
            _ = try await contract.store.append([try contract.draft("a", by: two, in: room)], at: contract.now)
            try await contract.store.markRead([ReadMark(seat: Seat(room: room.id, user: one.id), seq: 1)])
            #expect(
                try await contract.other.seats(of: one.id) == [
                    MemberSeat(room: room.id, role: .owner, lastReadSeq: 1, peer: nil),
                    MemberSeat(room: direct.id, role: .member, lastReadSeq: 0, peer: two.author),
                ])
            #expect(try await contract.other.seats(of: two.id).map(\.peer) == [nil, one.author])
            try await contract.store.deleteUser(two.id, at: contract.now, act: contract.act)
            #expect(try await contract.other.seats(of: one.id).map(\.peer) == [nil, nil])
            #expect(try await contract.other.seats(of: two.id).isEmpty)
        }
    ]

    private func makeInvitation(
        uses: Int, expiresAt: Timestamp? = nil
    ) async throws -> (made: Invitation, digest: [UInt8]) {
        let digest = Array(unique("code").utf8)
        let made = try await store.insertInvitation(
            digest: digest, uses: uses, expiresAt: expiresAt, at: now, act: act)
        return (made, digest)
    }

    private func redeem(_ digest: [UInt8], in given: (any Store)? = nil) async throws -> User {
        let new = try NewUser(username: Username(unique("guest")), displayName: nil, role: .user, password: nil)
        return try await (given ?? store).redeemInvitation(
            digest: digest, new, passwordHash: nil, at: now, act: act)
    }
}
