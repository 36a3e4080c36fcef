import ChatCore
import Testing

extension StoreContract {
    static let messageChecks = [
        StoreCheck("a range gives the nearest messages in rising order") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            for number in 1...9 { try await contract.post("m\(number)", by: user, in: room) }
            func seqs(_ range: MessageRange, _ limit: Int) async throws -> [Int64] {
                try await contract.other.messages(in: room.reference, range, limit: limit).map(\.seq)
            }
            #expect(try await seqs(.latest, 3) == [7, 8, 9])
            #expect(try await seqs(.before(4), 2) == [2, 3])
            #expect(try await seqs(.before(1), 2) == [])
            #expect(try await seqs(.after(4), 3) == [5, 6, 7])
            #expect(try await seqs(.after(9), 3) == [])
            #expect(try await seqs(.latest, 0) == [])
            #expect(try await seqs(.latest, -1) == [])
        },
        StoreCheck("a range by time begins with the first message at or after the moment") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            let start = contract.now
            for second in 0..<20 {
                _ = try await contract.store.append(
                    [contract.draft("m", by: user, in: room)], at: start + .seconds(second / 2))
            }
            func seqs(_ moment: Timestamp) async throws -> [Int64] {
                try await contract.store.messages(in: room.reference, .since(moment), limit: 3).map(\.seq)
            }
            #expect(try await seqs(start - .seconds(1)) == [1, 2, 3])
            #expect(try await seqs(start + .seconds(5)) == [11, 12, 13])
            #expect(try await seqs(start + .milliseconds(4_500)) == [11, 12, 13])
            #expect(try await seqs(start + .seconds(9)) == [19, 20])
            #expect(try await seqs(start + .seconds(10)) == [])
        },
        StoreCheck("a stored message is read as it was written") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            let body = "Grüße 👩‍👩‍👧 'quoted' \"double\" \\ \n\t%_ $1"
            let message = try await contract.post(body, by: user, in: room)
            #expect(message.seq == 1 && message.body.text == body && message.author == user.author)
            #expect(message.createdAt == contract.now && message.room == room.reference)
            #expect(try await contract.other.message(in: room.reference, seq: 1) == message)
            #expect(try await contract.other.message(in: room.reference, seq: 2) == nil)
            #expect(try await contract.other.lastSeq(of: room.id) == 1)
        },
        StoreCheck("a deleted message keeps its place with an empty body") { contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            for _ in 1...3 { try await contract.post("secret", by: user, in: room) }
            func delete(_ seq: Int64) async throws -> Bool {
                try await contract.store.deleteMessage(in: room.id, seq: seq, at: contract.now, act: contract.act)
            }
            #expect(try await delete(2))
            #expect(!(try await delete(2)))
            #expect(!(try await delete(9)))
            let log = try await contract.other.messages(in: room.reference, .latest, limit: 9)
            #expect(log.map(\.body.text) == ["secret", "", "secret"])
            #expect(log.map(\.isDeleted) == [false, true, false])
        },
        StoreCheck("an edited message keeps its place, is found by its new text, and tells when it was edited") {
            contract in
            try await contract.editsMessages()
        },
        StoreCheck("what was changed since a moment is found, oldest first, up to a limit") { contract in
            try await contract.findsChanges()
        },
        StoreCheck("the epoch is the same for everyone") { contract in
            let epoch = try await contract.store.epoch()
            #expect(epoch.utf8.count == 32)
            #expect(try await contract.other.epoch() == epoch)
        },
    ]

    static let searchChecks = [
        StoreCheck("a search ignores case, also beyond ASCII, and gives hits by rising time") { contract in
            let (user, word) = (try await contract.makeUser(), contract.unique("Wort"))
            let room = try await contract.makeRoom()
            for text in ["\(word) Ärger", "nichts", "\(word.uppercased()) äRGER"] {
                try await contract.post(text, by: user, in: room)
            }
            let hits = try await contract.other.search(
                "\(word) ärger", in: nil, before: nil, visibleTo: nil, limit: 9, at: contract.now)
            #expect(hits.map(\.seq) == [1, 3] && hits.first?.room == room.reference)
            #expect(
                try await contract.store.search(
                    word, in: room.id, before: nil, visibleTo: nil, limit: 1, at: contract.now
                ).map(
                    \.seq) == [3])
        },
        StoreCheck("percent, underscore and exclamation mark stand for themselves in a search") { contract in
            let (user, word) = (try await contract.makeUser(), contract.unique("w"))
            let room = try await contract.makeRoom()
            for text in ["\(word) 100% sure!", "\(word) 1000 sure", "\(word) a_b", "\(word) axb"] {
                try await contract.post(text, by: user, in: room)
            }
            let newest = try await contract.store.search(
                word, in: nil, before: nil, visibleTo: nil, limit: 1, at: contract.now)
            let older = try await contract.store.search(
                word, in: room.id, before: newest.first?.id, visibleTo: nil, limit: 9, at: contract.now)
            #expect(!older.isEmpty && older.allSatisfy { $0.id < newest.first?.id ?? 0 })
            for (text, expected) in [("100%", 1), ("a_b", 3), ("sure!", 1)] as [(String, Int64)] {
                let hits = try await contract.store.search(
                    "\(word) \(text)", in: room.id, before: nil, visibleTo: nil, limit: 9, at: contract.now)
                #expect(hits.map(\.seq) == (text == "sure!" ? [] : [expected]))
            }
            #expect(
                try await contract.store.search(
                    "sure!", in: room.id, before: nil, visibleTo: nil, limit: 9, at: contract.now
                ).map(
                    \.seq) == [1])
            #expect(
                try await contract.store.search(
                    "%", in: room.id, before: nil, visibleTo: nil, limit: 9, at: contract.now
                ).map(\.seq)
                    == [1])
        },
        StoreCheck("a search finds the same before the index covers the messages, in part, and after") { contract in
            try await contract.searchesThroughTheIndex()
        },
        StoreCheck("a search shows a user what the user may read, and no deleted message") { contract in
            try await contract.searchesReadableRooms()
        },
    ]

    private func searchesThroughTheIndex() async throws {
        let (user, room, word) = (try await makeUser(), try await makeRoom(), unique("gro\u{308}ße"))
        for count in [200, 100] {
            for number in 1...count {
                try await post(number % 50 == 0 ? "das ist \(word)" : "message \(number)", by: user, in: room)
            }
            while try await store.indexMessages() {}
            // Nothing in a room that is searched along its own log reads the index, so search everywhere.
            let hits = try await other.search(
                word.uppercased(), in: nil, before: nil, visibleTo: user, limit: 99, at: now)
            #expect(hits.map(\.seq) == (count == 200 ? [50, 100, 150, 200] : [50, 100, 150, 200, 250, 300]))
        }
        let newest = try await other.search(word, in: nil, before: nil, visibleTo: nil, limit: 2, at: now)
        #expect(newest.map(\.seq) == [250, 300])
        // Through the room's log, the messages without a block, and blocks, the last of them in the middle.
        for place in [room.id, nil] {
            for hit in newest {
                let older = try await other.search(
                    word, in: place, before: hit.id, visibleTo: nil, limit: 1, at: now)
                #expect(older.map(\.seq) == [hit.seq - 50])
            }
        }
        let short = try await other.search("\u{DF}e", in: room.id, before: nil, visibleTo: user, limit: 1, at: now)
        #expect(short.map(\.seq) == [300])
    }

    private func editsMessages() async throws {
        let (user, room, word) = (try await makeUser(), try await makeRoom(), unique("word"))
        let posted = try await post("first text", by: user, in: room)
        // In a block of the index, or behind all of them.
        for number in 0..<260 { try await post("message \(number)", by: user, in: room) }
        while try await store.indexMessages() {}
        func edit(_ seq: Int64, _ text: String) async throws -> Message? {
            try await store.editMessage(in: room.reference, seq: seq, to: try MessageBody(text), at: now, act: act)
        }
        let edited = try #require(try await edit(1, "now \(word)"))
        #expect(edited.body.text == "now \(word)" && edited.editedAt == now && edited.createdAt == posted.createdAt)
        #expect(try await other.message(in: room.reference, seq: 1) == edited)
        let hits = try await other.search(word, in: nil, before: nil, visibleTo: user, limit: 9, at: now)
        #expect(hits == [edited])
        clock.advance(by: .seconds(1))
        #expect(try await edit(1, "now \(word)") == edited)
        _ = try await store.deleteMessage(in: room.id, seq: 2, at: now, act: act)
        #expect(try await edit(2, "again") == nil)
        #expect(try await edit(999, "nowhere") == nil)
        #expect(try await other.message(in: room.reference, seq: 2)?.isDeleted == true)
    }

    private func findsChanges() async throws {
        // No other check is so late.
        let start = now + .seconds(1_000_000_000)
        let (user, room, second) = (try await makeUser(), try await makeRoom(), try await makeRoom())
        for number in 1...4 { try await post("message \(number)", by: user, in: room) }
        func edit(_ seq: Int64, at moment: Timestamp) async throws {
            let body = try MessageBody("edited at \(moment.milliseconds)")
            _ = try await store.editMessage(in: room.reference, seq: seq, to: body, at: moment, act: act)
        }
        func delete(_ seq: Int64, at moment: Timestamp) async throws {
            _ = try await store.deleteMessage(in: room.id, seq: seq, at: moment, act: act)
        }
        func change(_ room: Room, _ change: RoomChange, at moment: Timestamp) async throws {
            _ = try await store.updateRoom(room.id, change, at: moment, act: act)
        }
        try await edit(3, at: start + .seconds(3))
        try await edit(1, at: start + .seconds(1))
        // Was edited, and is deleted: only that counts.
        try await edit(2, at: start + .seconds(2))
        try await delete(2, at: start + .seconds(5))
        try await delete(4, at: start + .seconds(4))
        try await change(second, RoomChange(topic: "t"), at: start + .seconds(1))
        try await change(room, RoomChange(archived: true), at: start + .seconds(2))
        func changed(_ seq: Int64, _ isDeletion: Bool) -> MessageChange {
            MessageChange(room: room.reference, seq: seq, isDeletion: isDeletion)
        }
        let all = try await other.changes(since: start, limit: 9)
        #expect(all.rooms == [second.id, room.id])
        #expect(all.messages == [changed(1, false), changed(3, false), changed(4, true), changed(2, true)])
        let some = try await other.changes(since: start, limit: 1)
        #expect(some == Changes(rooms: [room.id], messages: [changed(3, false), changed(2, true)]))
        let late = try await other.changes(since: start + .seconds(5), limit: 9)
        #expect(late == Changes(rooms: [], messages: [changed(2, true)]))
    }

    private func searchesReadableRooms() async throws {
        let word = unique("w")
        let (user, peer) = (try await makeUser(), try await makeUser())
        let admin = try await makeUser(role: .admin)
        let (direct, _) = try await store.makeDirectRoom(
            user.id, peer.id, freshName: RoomName(unique("direct")), at: now)
        let rooms = [
            try await makeRoom(), try await makeRoom(isPrivate: true, members: [user]),
            try await makeRoom(isPrivate: true, members: [peer]), try await makeRoom(), direct,
        ]
        for room in rooms {
            let writer = [rooms[1].id].contains(room.id) ? user : peer
            try await post(word, by: writer, in: room)
            try await post("\(word) deleted", by: writer, in: room)
            _ = try await store.deleteMessage(in: room.id, seq: 2, at: now, act: act)
        }
        for who in [user, admin] {
            try await store.restrict(who.id, in: rooms[3].id, Restriction(.ban, until: nil), at: now, act: act)
        }
        for viewer in [user, peer, admin] {
            var readable: [RoomID] = []
            for room in rooms {
                let access = try await store.access(to: room.name, for: viewer.id, at: now)
                if (try? access?.requireReading()) != nil { readable.append(room.id) }
            }
            let hits = try await other.search(word, in: nil, before: nil, visibleTo: viewer, limit: 99, at: now)
            #expect(hits.map(\.room.id) == readable)
        }
    }
}
