import ChatCore
import Testing

extension StoreContract {
    static let userChecks = [
        StoreCheck("a new account is found by its name and listed") { contract in
            let user = try await contract.makeUser()
            #expect(try await contract.store.user(named: user.username) == user)
            #expect(try await contract.other.users().contains(user))
            let names = try await contract.store.users().map(\.username)
            let end = Array(names.suffix(5))
            try await contract.readsPages(of: end.dropFirst().map { $0 }) { page in
                let page = ListPage(after: page.after ?? end.first, most: page.most)
                return try await contract.other.users(page).map(\.username)
            }
            #expect(user.createdAt == contract.now && !user.isDisabled)
        },
        StoreCheck("a taken username is refused") { contract in
            let user = try await contract.makeUser()
            let again = try NewUser(username: user.username, displayName: nil, role: .user, password: nil)
            await expect(.alreadyExists) {
                _ = try await contract.other.insertUser(again, passwordHash: nil, at: contract.now, act: contract.act)
            }
        },
        StoreCheck("an update writes what it names and leaves the rest") { contract in
            let user = try await contract.makeUser()
            let change = StoredUserChange(bio: "likes chess", passwordHash: "hash")
            let changed = try await contract.store.updateUser(user.id, change, at: contract.now, act: contract.act)
            #expect(changed.bio == "likes chess" && changed.displayName == user.displayName)
            #expect(try await contract.store.passwordHash(of: user.username) == "hash")
        },
        StoreCheck("disabling keeps its first moment and enabling ends it") { contract in
            let user = try await contract.makeUser()
            let off = StoredUserChange(disabled: true)
            let first = try await contract.store.updateUser(user.id, off, at: contract.now, act: contract.act)
            let later = contract.now + .seconds(9)
            let second = try await contract.store.updateUser(user.id, off, at: later, act: contract.act)
            #expect(first.disabledAt == contract.now && second.disabledAt == first.disabledAt)
            let untouched = try await contract.store.updateUser(
                user.id, StoredUserChange(bio: "x"), at: later, act: contract.act)
            #expect(untouched.disabledAt == first.disabledAt)
            let on = StoredUserChange(disabled: false)
            #expect(!(try await contract.store.updateUser(user.id, on, at: later, act: contract.act)).isDisabled)
        },
        StoreCheck("an unknown account has no hash and cannot be updated") { contract in
            let nobody = try Username(contract.unique("nobody"))
            #expect(try await contract.store.passwordHash(of: nobody) == nil)
            #expect(try await contract.store.user(named: nobody) == nil)
            await expect(.userNotFound) {
                _ = try await contract.store.updateUser(
                    UserID(.max), StoredUserChange(bio: "x"), at: contract.now, act: contract.act)
            }
        },
        StoreCheck("a deleted account loses everything but its messages") { contract in
            try await contract.deletesAccount()
        },
        StoreCheck("a deletion finds a neutral name that is free") { contract in
            let user = try await contract.makeUser()
            let taken = try NewUser(
                username: Username("deleted-\(user.id.value)"), displayName: nil, role: .user, password: nil)
            _ = try await contract.store.insertUser(taken, passwordHash: nil, at: contract.now, act: contract.act)
            try await contract.store.deleteUser(user.id, at: contract.now, act: contract.act)
            #expect(try await contract.store.user(named: user.username) == nil)
            await expect(.userNotFound) {
                try await contract.store.deleteUser(user.id, at: contract.now, act: contract.act)
            }
        },
        StoreCheck("an act is in the audit log when what it tells of is done, and only then") { contract in
            let target = contract.unique("target")
            let act = Act("user.update", by: .operator(as: nil), on: target, detail: "why")
            let user = try await contract.makeUser()
            await expect(.userNotFound) {
                _ = try await contract.store.updateUser(
                    UserID(.max), StoredUserChange(bio: "x"), at: contract.now, act: act)
            }
            _ = try await contract.store.updateUser(user.id, StoredUserChange(bio: "x"), at: contract.now, act: act)
            let entries = try await contract.other.audit(limit: 10_000).filter { $0.target == target }
            #expect(entries.map(\.detail) == ["why"] && entries.first?.actor == "operator")
            let newest = try await contract.store.audit(limit: 2)
            #expect(newest.count == 2 && newest.map(\.id) == newest.map(\.id).sorted())
        },
        StoreCheck("the audit log is read by actor, target and time, from either end") { contract in
            try await contract.readsAudit()
        },
    ]

    private func readsAudit() async throws {
        let (room, user) = (unique("room"), try await makeUser())
        let start = now
        for (number, target) in [room, "\(room) 7", "\(room)x", room].enumerated() {
            let act = Act("user.update", by: .operator(as: nil, named: room), on: target, detail: String(number))
            _ = try await store.updateUser(
                user.id, StoredUserChange(bio: target), at: start + .seconds(number), act: act)
        }
        func details(
            _ range: AuditRange = .latest, limit: Int = 9, target: String? = nil, since: Timestamp? = nil
        ) async throws -> [String] {
            let filter = AuditFilter(actor: room, target: target, since: since)
            return try await other.audit(filter, range, limit: limit).map(\.detail)
        }
        #expect(try await details() == ["0", "1", "2", "3"])
        #expect(try await details(limit: 2) == ["2", "3"])
        #expect(try await details(.after(0), limit: 2) == ["0", "1"])
        #expect(try await details(target: room) == ["0", "1", "3"])
        #expect(try await details(target: "\(room) 7") == ["1"])
        #expect(try await details(since: start + .seconds(2)) == ["2", "3"])
        #expect(try await details(limit: 0) == [])
        #expect(try await details(limit: -1) == [])
        let all = try await other.audit(AuditFilter(actor: room), .latest, limit: 9)
        #expect(try await details(.after(all[1].id)) == ["2", "3"])
        #expect(try await details(.before(all[2].id), limit: 1) == ["1"])
        #expect(try await other.audit(AuditFilter(actor: unique("nobody")), .after(0), limit: 9).isEmpty)
    }

    /// Each needs a database in which nobody else is an administrator.
    package static let aloneChecks = [
        StoreCheck("a role is given and taken, and the last enabled administrator keeps it") { contract in
            try await contract.keepsLastAdministrator()
        },
        StoreCheck("of two administrators who take each other's role at once, one keeps it") { contract in
            let pair = [try await contract.makeUser(role: .admin), try await contract.makeUser(role: .admin)]
            let outcomes = await withTaskGroup(of: ErrorCode?.self) { group in
                for (user, store) in zip(pair, [contract.store, contract.other]) {
                    group.addTask {
                        do throws(ChatError) {
                            let change = StoredUserChange(role: .user)
                            _ = try await store.updateUser(user.id, change, at: contract.now, act: contract.act)
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == nil } == 1 && outcomes.contains(.notAllowed))
            #expect(try await contract.store.hasAdministrator())
        },
    ]

    static let tokenChecks = [
        StoreCheck("a token tells its owner until it runs out") { contract in
            let (user, token, digest) = try await contract.makeToken(life: .seconds(100))
            let found = try #require(try await contract.other.authenticate(digest: digest, at: contract.now))
            #expect(found.user == user && found.tokenID == token.id && found.kind == .access)
            #expect(found.expiresAt == contract.now + .seconds(100))
            #expect(try await contract.store.authenticate(digest: digest, at: contract.now + .seconds(100)) == nil)
            #expect(try await contract.store.authenticate(digest: digest + [1], at: contract.now) == nil)
        },
        StoreCheck("the last use of a token is noted, and a token that is gone is passed over") { contract in
            let (user, token, digest) = try await contract.makeToken(life: nil)
            let use = contract.now + .seconds(5)
            try await contract.store.noteUses([token.id: use, 999_999_999: use])
            #expect(try await contract.store.tokens(of: user.id).first?.lastUsedAt == use)
            #expect(try await contract.other.authenticate(digest: digest, at: use)?.lastUsedAt == use)
        },
        StoreCheck("a revoked token tells nobody, and only its owner's tokens can be revoked") { contract in
            let (user, token, digest) = try await contract.makeToken(life: nil)
            let stranger = try await contract.makeUser()
            #expect(!(try await contract.store.deleteToken(token.id, of: stranger.id, at: contract.now, act: nil)))
            #expect(try await contract.store.deleteToken(token.id, of: user.id, at: contract.now, act: contract.act))
            #expect(!(try await contract.store.deleteToken(token.id, of: user.id, at: contract.now, act: nil)))
            #expect(try await contract.store.authenticate(digest: digest, at: contract.now) == nil)
        },
        StoreCheck("a new password ends log-in sessions and no access tokens") { contract in
            let (user, access, _) = try await contract.makeToken(life: nil)
            let session = NewToken(
                user: user.id, digest: contract.digest(), label: "", kind: .session, createdAt: contract.now,
                expiresAt: nil)
            _ = try await contract.store.insertToken(session, act: nil)
            #expect(try await contract.store.tokens(of: user.id).count == 2)
            _ = try await contract.store.updateUser(
                user.id, StoredUserChange(passwordHash: "new"), at: contract.now, act: contract.act)
            #expect(try await contract.store.tokens(of: user.id).map(\.id) == [access.id])
        },
        StoreCheck("an act of a user whose rights have ended changes nothing") { contract in
            let (admin, token, _) = try await contract.makeToken(life: .seconds(60), role: .admin)
            let target = try await contract.makeUser()
            func rename(to name: String, at moment: Timestamp) async throws(ChatError) -> User {
                try await contract.store.updateUser(
                    target.id, StoredUserChange(displayName: name), at: moment,
                    act: Act("test.act", by: .user(admin, tokenID: token.id), on: "test"))
            }
            #expect(try await rename(to: "first", at: contract.now).displayName == "first")
            await expect(.unauthenticated) { _ = try await rename(to: "late", at: contract.now + .seconds(60)) }
            _ = try await contract.other.deleteToken(token.id, of: admin.id, at: contract.now, act: nil)
            await expect(.unauthenticated) { _ = try await rename(to: "revoked", at: contract.now) }
            // The last administrator could not be disabled.
            _ = try await contract.makeUser(role: .admin)
            _ = try await contract.other.updateUser(
                admin.id, StoredUserChange(disabled: true), at: contract.now, act: contract.act)
            await expect(.disabled) { _ = try await rename(to: "disabled", at: contract.now) }
            #expect(try await contract.store.user(named: target.username)?.displayName == "first")
        },
        StoreCheck("a token for an account that is gone is refused") { contract in
            let user = try await contract.makeUser()
            try await contract.store.deleteUser(user.id, at: contract.now, act: contract.act)
            let token = NewToken(
                user: user.id, digest: contract.digest(), label: "", kind: .access, createdAt: contract.now,
                expiresAt: nil)
            await expect(.userNotFound) { _ = try await contract.store.insertToken(token, act: nil) }
        },
    ]

    func digest() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: 0...255) } }

    private func makeToken(
        life: Duration?, role: SiteRole = .user
    ) async throws -> (User, Token, [UInt8]) {
        let user = try await makeUser(role: role)
        let digest = digest()
        let new = NewToken(
            user: user.id, digest: digest, label: "laptop", kind: .access, createdAt: now,
            expiresAt: life.map { now + $0 })
        return (user, try await store.insertToken(new, act: act), digest)
    }

    private func keepsLastAdministrator() async throws {
        #expect(try await !store.hasAdministrator())
        let (user, heir) = (try await makeUser(role: .admin), try await makeUser())
        #expect(try await other.hasAdministrator())
        for change in [StoredUserChange(role: .user), StoredUserChange(disabled: true)] {
            await expect(.notAllowed) { _ = try await store.updateUser(user.id, change, at: now, act: act) }
        }
        await expect(.notAllowed) { try await store.deleteUser(user.id, at: now, act: act) }
        #expect(try await store.user(named: user.username) == user)

        let promoted = try await store.updateUser(heir.id, StoredUserChange(role: .admin), at: now, act: act)
        #expect(promoted.isAdmin && promoted.displayName == heir.displayName)
        // A disabled administrator does not count.
        _ = try await store.updateUser(heir.id, StoredUserChange(disabled: true), at: now, act: act)
        await expect(.notAllowed) { try await store.deleteUser(user.id, at: now, act: act) }
        _ = try await store.updateUser(heir.id, StoredUserChange(disabled: false), at: now, act: act)
        let demoted = try await store.updateUser(user.id, StoredUserChange(role: .user), at: now, act: act)
        #expect(!demoted.isAdmin)
        try await store.deleteUser(user.id, at: now, act: act)
    }

    private func deletesAccount() async throws {
        let user = try await makeUser()
        let peer = try await makeUser()
        let room = try await makeRoom(isPrivate: true, owner: user, members: [peer])
        let message = try await post("still here", by: user, in: room)
        let digest = digest()
        let token = NewToken(
            user: user.id, digest: digest, label: "", kind: .access, createdAt: now, expiresAt: nil)
        _ = try await store.insertToken(token, act: nil)
        try await store.deleteUser(user.id, at: now, act: act)

        #expect(try await store.user(named: user.username) == nil)
        #expect(try await !store.users().contains { $0.id == user.id })
        #expect(try await store.authenticate(digest: digest, at: now) == nil)
        #expect(try await store.members(of: room.id).map(\.username) == [peer.username])
        let kept = try #require(try await store.message(in: room.reference, seq: message.seq))
        #expect(kept.body.text == "still here" && kept.author.displayName == "Deleted user")
        #expect(kept.author.username.text == "deleted-\(user.id.value)")
        let late = try await append(draft("ghost", by: user, in: room))
        #expect(late.code == .disabled)
    }
}
