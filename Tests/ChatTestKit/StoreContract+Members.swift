import ChatCore
import Testing

extension StoreContract {
    static let memberChecks = [
        StoreCheck("setting a member adds, changes a role, or changes nothing") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            func set(_ role: MemberRole?) async throws -> MembershipOutcome {
                try await contract.store.setMember(
                    user.id, of: room.id, role: role, at: contract.now, act: contract.act)
            }
            #expect(try await set(nil) == .added)
            #expect(try await set(nil) == .unchanged)
            #expect(try await contract.other.role(of: user.id, in: room.id) == .member)
            #expect(try await set(.moderator) == .roleChanged)
            #expect(try await set(nil) == .unchanged)
            #expect(try await contract.other.role(of: user.id, in: room.id) == .moderator)
        },
        StoreCheck("members that do not exist cannot be set") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            await expect(.userNotFound) {
                _ = try await contract.store.setMember(
                    UserID(.max), of: room.id, role: nil, at: contract.now, act: contract.act)
            }
            await expect(.roomNotFound) {
                _ = try await contract.store.setMember(
                    user.id, of: RoomID(.max), role: nil, at: contract.now, act: contract.act)
            }
        },
        StoreCheck("the last owner stays an owner") { contract in
            try await contract.keepsLastOwner()
        },
        StoreCheck("two owners who leave at once leave one of them behind") { contract in
            let (first, second) = (try await contract.makeUser(), try await contract.makeUser())
            let room = try await contract.makeRoom(owner: first)
            _ = try await contract.store.setMember(
                second.id, of: room.id, role: .owner, at: contract.now, act: contract.act)
            async let one = try? contract.store.removeMember(
                first.id, of: room.id, orStranger: false, at: contract.now, act: contract.act)
            async let two = try? contract.other.removeMember(
                second.id, of: room.id, orStranger: false, at: contract.now, act: contract.act)
            #expect(await [one, two].filter { $0 == true }.count == 1)
            #expect(try await contract.store.members(of: room.id).map(\.role) == [.owner])
        },
        StoreCheck("who is banned cannot become a member until the ban ends") { contract in
            let (user, room) = (try await contract.makeUser(), try await contract.makeRoom())
            let end = contract.now + .seconds(60)
            try await contract.store.restrict(
                user.id, in: room.id, Restriction(.ban, until: end), at: contract.now, act: contract.act)
            await expect(.notAllowed) {
                _ = try await contract.other.setMember(
                    user.id, of: room.id, role: .owner, at: contract.now, act: contract.act)
            }
            #expect(try await contract.store.members(of: room.id).isEmpty)
            _ = try await contract.other.setMember(user.id, of: room.id, role: nil, at: end, act: contract.act)
        },
        StoreCheck("an act is refused when the right to it has ended since the request began") { contract in
            try await contract.judgesInTheTransaction()
        },
        StoreCheck("the members of a direct room do not change") { contract in
            let (first, second) = (try await contract.makeUser(), try await contract.makeUser())
            let third = try await contract.makeUser()
            let (room, _) = try await contract.store.makeDirectRoom(
                first.id, second.id, freshName: RoomName(contract.unique("direct")), at: contract.now)
            await expect(.notAllowed) {
                _ = try await contract.store.setMember(
                    third.id, of: room.id, role: nil, at: contract.now, act: contract.act)
            }
            await expect(.notAllowed) {
                _ = try await contract.store.removeMember(
                    first.id, of: room.id, orStranger: false, at: contract.now, act: contract.act)
            }
        },
        StoreCheck("a ban ends the membership, and both kinds end with their time or when lifted") { contract in
            try await contract.restricts()
        },
        StoreCheck("a later restriction takes the place of an earlier one of its kind") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            for until in [contract.now + .seconds(10), nil] {
                try await contract.store.restrict(
                    user.id, in: room.id, Restriction(.mute, until: until), at: contract.now, act: contract.act)
            }
            let later = contract.now + .seconds(3_600)
            #expect(try await contract.store.access(to: room.name, for: user.id, at: later)?.isMuted == true)
        },
        StoreCheck("the restrictions in force are listed with who imposed them, when and why") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            let end = contract.now + .seconds(10)
            for (kind, until) in [(RestrictionKind.mute, nil), (.ban, end)] as [(RestrictionKind, Timestamp?)] {
                for reason in ["an earlier one", "why \(kind)"] {
                    try await contract.store.restrict(
                        user.id, in: room.id, Restriction(kind, until: until, reason: reason), at: contract.now,
                        act: contract.act)
                }
            }
            let imposed = [RestrictionKind.ban: Timestamp?.some(end), .mute: nil].map { kind, until in
                ImposedRestriction(
                    username: user.username, kind: kind, until: until, by: contract.act.actor, at: contract.now,
                    reason: "why \(kind)")
            }.sorted { $0.kind.rawValue < $1.kind.rawValue }
            #expect(try await contract.other.restrictions(in: room.id, at: contract.now) == imposed)
            #expect(try await contract.other.restrictions(in: room.id, at: end) == [imposed[1]])
        },
    ]

    private func keepsLastOwner() async throws {
        let (owner, heir) = (try await makeUser(), try await makeUser())
        let room = try await makeRoom(owner: owner, members: [heir])
        await expect(.notAllowed) {
            _ = try await store.setMember(owner.id, of: room.id, role: .member, at: now, act: act)
        }
        do {
            _ = try await store.removeMember(owner.id, of: room.id, orStranger: false, at: now, act: act)
            Issue.record("the last owner was removed")
        } catch {
            #expect(error.code == .notAllowed && error.remedy == .appointOwner(of: room.name) && error.hint == nil)
        }
        await expect(.notAllowed) {
            try await store.restrict(owner.id, in: room.id, Restriction(.ban, until: nil), at: now, act: act)
        }
        #expect(try await store.removeMember(heir.id, of: room.id, orStranger: false, at: now, act: act))
        #expect(try await store.removeMember(heir.id, of: room.id, orStranger: true, at: now, act: act))
        #expect(!(try await store.removeMember(heir.id, of: room.id, orStranger: false, at: now, act: act)))
        #expect(try await store.setMember(heir.id, of: room.id, role: .owner, at: now, act: act) == .added)
        #expect(try await store.removeMember(owner.id, of: room.id, orStranger: false, at: now, act: act))

        let ownerless = try await makeRoom(members: [heir])
        #expect(try await store.removeMember(heir.id, of: ownerless.id, orStranger: false, at: now, act: act))
    }

    private func restricts() async throws {
        let user = try await makeUser()
        let room = try await makeRoom(members: [user])
        let end = now + .seconds(10)
        func access(at moment: Timestamp) async throws -> RoomAccess {
            try #require(try await other.access(to: room.name, for: user.id, at: moment))
        }
        try await store.restrict(user.id, in: room.id, Restriction(.ban, until: end), at: now, act: act)
        try await store.restrict(user.id, in: room.id, Restriction(.mute, until: nil), at: now, act: act)
        let standing = try await access(at: now)
        #expect(standing.isBanned && standing.isMuted && standing.role == nil)
        let later = try await access(at: end)
        #expect(!later.isBanned && later.isMuted)
        #expect(!(try await store.lift(.ban, from: user.id, in: room.id, at: end, act: act)))
        #expect(try await store.lift(.mute, from: user.id, in: room.id, at: end, act: act))
        #expect(!(try await store.lift(.mute, from: user.id, in: room.id, at: end, act: act)))
        #expect(!(try await access(at: end)).isMuted)
    }

    private func judgesInTheTransaction() async throws {
        let (owner, moderator, target) = (try await makeUser(), try await makeUser(), try await makeUser())
        let room = try await makeRoom(owner: owner, members: [moderator, target])
        let rule = RoomRule(in: room.id, on: target.id) { access, other throws(ChatError) in
            try access.requireModerating(other, for: "test")
        }
        let act = Act("test.act", by: .user(moderator), on: "test", under: rule)
        func restrict() async throws {
            try await other.restrict(target.id, in: room.id, Restriction(.mute, until: nil), at: now, act: act)
        }
        await expect(.notAllowed) { try await restrict() }
        _ = try await store.setMember(moderator.id, of: room.id, role: .moderator, at: now, act: self.act)
        try await restrict()
        _ = try await store.setMember(target.id, of: room.id, role: .moderator, at: now, act: self.act)
        await expect(.notAllowed) {
            _ = try await other.lift(.mute, from: target.id, in: room.id, at: now, act: act)
        }
        try await store.deleteRoom(room.id, at: now, act: self.act)
        await expect(.roomNotFound) { try await restrict() }
    }
}
