import ChatCore
import Testing

extension StoreContract {
    static let sweepChecks = [
        StoreCheck("the messages of an author are found in one room or in all, since a moment, and deleted once") {
            contract in
            try await contract.sweeps()
        },
        StoreCheck("a part of a deletion is bounded, and the next one goes on behind it") { contract in
            try await contract.sweepsInParts()
        },
        StoreCheck("a deleted account is found as an author by its neutral name") { contract in
            let user = try await contract.makeUser()
            #expect(try await contract.other.author(named: user.username) == user.id)
            try await contract.store.deleteUser(user.id, at: contract.now, act: contract.act)
            #expect(try await contract.other.author(named: user.username) == nil)
            let neutral = try Username("deleted-\(user.id.value)")
            #expect(try await contract.other.author(named: neutral) == user.id)
        },
    ]

    private func sweeps() async throws {
        let (user, mate) = (try await makeUser(), try await makeUser())
        let (first, second) = (try await makeRoom(), try await makeRoom())
        let (direct, _) = try await store.makeDirectRoom(
            user.id, mate.id, freshName: RoomName(unique("direct")), at: now)
        let start = try await post("old", by: user, in: first).id - 1
        let later = now + .seconds(60)
        for (author, room) in [(mate, first), (user, first), (user, second), (user, direct)] {
            _ = try await store.append([draft("new", by: author, in: room)], at: later)
        }
        func places(
            in room: Room? = nil, since: Timestamp? = nil, besidesDirect: Bool = false, after: Int64? = nil
        ) async throws -> [String] {
            let found = try await other.messages(
                by: user.id, in: room?.id, since: since, besidesDirect: besidesDirect,
                after: after ?? (room == nil ? start : 0))
            return found.places.map { "\($0.room.name) \($0.seq)" }
        }
        let (one, two, three) = (first.name, second.name, direct.name)
        #expect(try await places() == ["\(one) 1", "\(one) 3", "\(two) 1", "\(three) 1"])
        #expect(try await places(besidesDirect: true) == ["\(one) 1", "\(one) 3", "\(two) 1"])
        #expect(try await places(in: first) == ["\(one) 1", "\(one) 3"])
        #expect(try await places(in: first, after: 1) == ["\(one) 3"])
        #expect(try await places(since: later, besidesDirect: true) == ["\(one) 3", "\(two) 1"])
        #expect(try await places(after: .max) == [])

        let ids = try await other.messages(
            by: user.id, in: first.id, since: nil, besidesDirect: false, after: 0
        ).places.map(\.id)
        #expect(try await store.deleteMessages(ids, at: now, act: act) == 2)
        #expect(try await store.deleteMessages(ids, at: now, act: act) == 0)
        #expect(try await places() == ["\(two) 1", "\(three) 1"])
        let log = try await other.messages(in: first.reference, .latest, limit: 9)
        #expect(log.map(\.body.text) == ["", "new", ""] && log.map(\.isDeleted) == [true, false, true])
    }

    private func sweepsInParts() async throws {
        let (user, room) = (try await makeUser(), try await makeRoom())
        let count = Limits.sweepBatch + 3
        let drafts = try (0..<count).map { _ in try draft("m", by: user, in: room) }
        _ = try await store.append(drafts, at: now)
        let first = try await other.messages(by: user.id, in: room.id, since: nil, besidesDirect: false, after: 0)
        #expect(first.places.count == Limits.sweepBatch && first.next == Int64(Limits.sweepBatch))
        let rest = try await other.messages(
            by: user.id, in: room.id, since: nil, besidesDirect: false, after: first.next ?? 0)
        #expect(rest.places.count == 3 && rest.next == nil)
    }
}
