import ChatCore
import ChatSQL
import Testing

// What a new epoch does to a database, written once and run on each.

/// One guarantee about new epochs, as a sentence, with its test.
package struct EpochCheck: Sendable, CustomTestStringConvertible {
    package let sentence: String
    package let run: @Sendable (ChatDatabase, StoreContract) async throws -> Void

    package var testDescription: String { sentence }
}

/// The guarantees of ``Migrator/renewEpoch(_:at:)``. Each needs a database of its own.
package enum EpochContract {
    private static func renew(_ database: ChatDatabase, _ contract: StoreContract) async throws -> String {
        try await database.migrator.renewEpoch(Act("test.epoch", by: .operator(as: nil), on: "it"), at: contract.now)
    }

    private static func restoredSeq(of room: Room, _ contract: StoreContract) async throws -> Int64? {
        try #require(try await contract.store.access(to: room.name, for: nil, at: contract.now)).restoredSeq
    }

    package static let checks = [
        EpochCheck(sentence: "a new epoch is another one, is seen elsewhere, and stands in the audit log") {
            let before = try await $1.store.epoch()
            let epoch = try await renew($0, $1)
            #expect(epoch != before)
            #expect(try await $1.other.epoch() == epoch)
            #expect(try await $1.other.presentEpoch() == epoch)
            #expect(try await $1.store.audit(limit: 1).map(\.action) == ["test.epoch"])
        },
        EpochCheck(sentence: "a room keeps the seq of its first restore, and a later room has none of the old log") {
            database, contract in
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom(owner: user)
            for text in ["1", "2"] { try await contract.post(text, by: user, in: room) }
            #expect(try await restoredSeq(of: room, contract) == nil)
            _ = try await renew(database, contract)
            let later = try await contract.makeRoom(owner: user)
            try await contract.post("3", by: user, in: room)
            try await contract.post("1", by: user, in: later)
            for _ in 0..<2 {
                #expect(try await restoredSeq(of: room, contract) == 2)
                #expect(try await restoredSeq(of: later, contract) == 0)
                _ = try await renew(database, contract)
            }
            #expect(try await contract.store.messages(in: room.reference, .latest, limit: 9).map(\.seq) == [1, 2, 3])
        },
        EpochCheck(sentence: "no new epoch comes while a server has a lease, and none of it remains afterwards") {
            database, contract in
            let before = try await contract.store.epoch()
            let user = try await contract.makeUser()
            let room = try await contract.makeRoom()
            let node = try await contract.store.registerNode(
                named: "server one", at: contract.now, leaseUntil: contract.now + .seconds(5)
            ).node
            _ = try await contract.store.writeSeats(
                contract.seats([user], in: room, connections: 1), of: node, at: contract.now)
            await expect(.unavailable, saying: "a server is using it: server one") {
                _ = try await renew(database, contract)
            }
            #expect(try await contract.store.epoch() == before)
            contract.clock.advance(by: .seconds(5))
            #expect(try await renew(database, contract) != before)
            #expect(try await contract.store.renewLease(of: node, until: contract.now + .seconds(5)) == false)
        },
    ]
}
