import ChatCore
import Testing

extension StoreContract {
    static let appendChecks = [
        StoreCheck("a batch over several rooms counts each room without gaps, in the order of the drafts") {
            contract in
            let user = try await contract.makeUser()
            let rooms = [try await contract.makeRoom(), try await contract.makeRoom()]
            let drafts = try (0..<10).map { try contract.draft("m\($0)", by: user, in: rooms[$0 % 2]) }
            let results = try await contract.store.append(drafts, at: contract.now).settled()
            #expect(try results.map { try $0.get().message.seq } == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
            #expect(try results.map { try $0.get().message.body.text } == (0..<10).map { "m\($0)" })
            #expect(results.allSatisfy { (try? $0.get().isRepeat) == false })
            let log = try await contract.other.messages(in: rooms[1].reference, .latest, limit: 99)
            #expect(log == (try results.map { try $0.get().message }.filter { $0.room.id == rooms[1].id }))
        },
        StoreCheck("who may not post fails alone and takes no number") { contract in
            try await contract.refusesAlone()
        },
        StoreCheck("a direct room takes no messages while its other account is disabled, or once it is deleted") {
            contract in
            try await contract.needsPeer()
        },
        StoreCheck("a known client id gives the earlier message, also to who has lost access since") { contract in
            try await contract.repeatsKnown()
        },
        StoreCheck("a client id twice in one batch is stored once") { contract in
            let user = try await contract.makeUser()
            let (open, closed) = (try await contract.makeRoom(), try await contract.makeRoom(isPrivate: true))
            let id = contract.unique("c")
            let drafts = [
                try contract.draft("refused", by: user, in: closed, clientID: id),
                try contract.draft("first", by: user, in: open, clientID: id),
                try contract.draft("first", by: user, in: open, clientID: id),
                try contract.draft("another", by: user, in: open, clientID: id),
                try contract.draft("other", by: user, in: open),
            ]
            let results = try await contract.store.append(drafts, at: contract.now).settled()
            #expect(results[0].code == .notAMember)
            let (first, second) = (try results[1].get(), try results[2].get())
            #expect(second.isRepeat && !first.isRepeat && second.message == first.message)
            #expect(results[3].code == .clientIDReused)
            #expect(try results[4].get().message.seq == 2)
            #expect(try await contract.store.lastSeq(of: open.id) == 2)
        },
        StoreCheck("the same client id of two authors is two messages") { contract in
            let (first, second) = (try await contract.makeUser(), try await contract.makeUser())
            let room = try await contract.makeRoom()
            let id = contract.unique("c")
            #expect(try await contract.post("a", by: first, in: room, clientID: id).seq == 1)
            #expect(try await contract.post("b", by: second, in: room, clientID: id).seq == 2)
        },
        StoreCheck("processes that write at once leave no gap and no double number") { contract in
            try await contract.countsConcurrently()
        },
        StoreCheck("processes that repeat one client id at once store it once") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            let draft = try contract.draft("once", by: user, in: room, clientID: contract.unique("c"))
            let results = try await withThrowingTaskGroup(of: Appended.self) { group in
                for index in 0..<16 {
                    group.addTask {
                        let store = index.isMultiple(of: 2) ? contract.store : contract.other
                        return try await store.append([draft], at: contract.now).settled()[0].get()
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.filter { !$0.isRepeat }.count == 1)
            #expect(Set(results.map(\.message.id)).count == 1)
            #expect(try await contract.store.lastSeq(of: room.id) == 1)
        },
        StoreCheck("times do not fall along a log while the clock is a little behind") { contract in
            try await contract.smoothsTimes()
        },
        StoreCheck("no drafts are no work") { contract in
            let results = try await contract.store.append([], at: contract.now).settled()
            #expect(results.isEmpty)
        },
    ]

    private func smoothsTimes() async throws {
        let user = try await makeUser()
        let room = try await makeRoom()
        for (offset, expected) in [(0, 0), (-5, 0), (-3_600, -3_600)] {
            let results = try await store.append([draft("x", by: user, in: room)], at: now + .seconds(offset)).settled()
            #expect(try results[0].get().message.createdAt == now + .seconds(expected))
        }
    }

    private func needsPeer() async throws {
        let (user, peer) = (try await makeUser(), try await makeUser())
        let name = try RoomName(unique("direct"))
        let room = try await store.makeDirectRoom(user.id, peer.id, freshName: name, at: now).room
        #expect(try await append(draft("one", by: user, in: room)).code == nil)
        _ = try await other.updateUser(peer.id, StoredUserChange(disabled: true), at: now, act: act)
        #expect(try await append(draft("two", by: user, in: room)).code == .archived)
        _ = try await other.updateUser(peer.id, StoredUserChange(disabled: false), at: now, act: act)
        #expect(try await append(draft("three", by: user, in: room)).code == nil)
        try await other.deleteUser(peer.id, at: now, act: act)
        #expect(try await append(draft("four", by: user, in: room)).code == .archived)
    }

    private func refusesAlone() async throws {
        let users = [try await makeUser(), try await makeUser(), try await makeUser(), try await makeUser()]
        let (open, closed) = (try await makeRoom(), try await makeRoom(isPrivate: true, members: [users[0]]))
        let archived = try await makeRoom()
        _ = try await store.updateRoom(archived.id, RoomChange(archived: true), at: now, act: act)
        try await store.restrict(users[1].id, in: open.id, Restriction(.mute, until: nil), at: now, act: act)
        try await store.restrict(users[2].id, in: open.id, Restriction(.ban, until: nil), at: now, act: act)
        try await store.restrict(users[0].id, in: open.id, Restriction(.ban, until: now), at: now, act: act)
        _ = try await store.updateUser(users[3].id, StoredUserChange(disabled: true), at: now, act: act)
        let nowhere = Draft(
            room: RoomID(.max), author: users[0].author, body: try MessageBody("x"), clientID: nil)
        let drafts = [
            try draft("1", by: users[0], in: open), try draft("x", by: users[1], in: open),
            try draft("x", by: users[2], in: open), try draft("x", by: users[3], in: open),
            try draft("x", by: users[1], in: closed), try draft("x", by: users[0], in: archived), nowhere,
            try draft("2", by: users[0], in: open), try draft("1", by: users[0], in: closed),
        ]
        let results = try await store.append(drafts, at: now).settled()
        #expect(
            results.map(\.code) == [
                nil, .muted, .banned, .disabled, .notAMember, .archived, .roomNotFound, nil, nil,
            ])
        #expect(try results[7].get().message.seq == 2)
        #expect(try await store.lastSeq(of: open.id) == 2)
        #expect(try await store.lastSeq(of: archived.id) == 0)
    }

    private func repeatsKnown() async throws {
        let user = try await makeUser()
        let (room, elsewhere) = (try await makeRoom(members: [user]), try await makeRoom())
        let id = unique("c")
        let first = try await post("first", by: user, in: room, clientID: id)
        try await store.restrict(user.id, in: room.id, Restriction(.ban, until: nil), at: now, act: act)
        let again = try await append(draft("first", by: user, in: room, clientID: id)).get()
        #expect(again.isRepeat && again.message == first)
        #expect(try await append(draft("another", by: user, in: room, clientID: id)).code == .clientIDReused)
        #expect(try await append(draft("new", by: user, in: room, clientID: unique("c"))).code == .banned)
        // A client id belongs to a room.
        let other = try await append(draft("first", by: user, in: elsewhere, clientID: id)).get()
        #expect(!other.isRepeat && other.message.seq == 1)
    }

    private func countsConcurrently() async throws {
        let user = try await makeUser()
        let rooms = [try await makeRoom(), try await makeRoom(), try await makeRoom()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let side = task.isMultiple(of: 2) ? store : other
                    for round in 0..<10 {
                        let drafts = try (0..<7).map { number in
                            try draft("\(task) \(round) \(number)", by: user, in: rooms[(task + number) % 3])
                        }
                        for result in try await side.append(drafts, at: now).settled() { _ = try result.get() }
                    }
                }
            }
            try await group.waitForAll()
        }
        var total = 0
        for room in rooms {
            let log = try await store.messages(in: room.reference, .latest, limit: 10_000)
            #expect(log.map(\.seq) == Array(1...Int64(log.count)))
            #expect(log.map(\.id) == log.map(\.id).sorted())
            #expect(try await other.lastSeq(of: room.id) == Int64(log.count))
            total += log.count
        }
        #expect(total == 8 * 10 * 7)
    }
}
