import ChatCore
import Testing

@testable import ChatBench

@Suite struct PreparationTests {
    private static func room(_ new: NewRoom) -> Room {
        Room(
            id: RoomID(1), name: new.name, kind: new.kind, topic: new.topic, isArchived: false, lastSeq: 0,
            lastMessageAt: nil, memberCount: 0, onlineCount: 0, createdAt: Timestamp(milliseconds: 0))
    }

    @Test func `rooms are public and have names of their own`() async throws {
        var made: [NewRoom] = []
        for _ in 0..<2 {
            let rooms = try await Preparation.rooms(3) { new throws(ChatError) in
                made.append(new)
                return Self.room(new)
            } delete: { name throws(ChatError) in
                Issue.record("\(name) was deleted")
            }
            #expect(rooms.map(\.name) == made.suffix(3).map(\.name))
        }
        #expect(Set(made.map(\.name)).count == 6)
        #expect(made.allSatisfy { $0.kind == .public && $0.name.text.hasPrefix("bench-") })
    }

    @Test func `when a room cannot be made the ones before it are deleted, whatever that says`() async throws {
        var (made, deleted): ([RoomName], [RoomName]) = ([], [])
        do throws(ChatError) {
            _ = try await Preparation.rooms(5) { new throws(ChatError) in
                guard made.count < 3 else { throw ChatError(.rateLimited, "rooms: too many") }
                made.append(new.name)
                return Self.room(new)
            } delete: { name throws(ChatError) in
                deleted.append(name)
                throw ChatError(.unavailable, "server: gone")
            }
            Issue.record("it did not fail")
        } catch {
            #expect(error.code == .rateLimited)
        }
        #expect(made.count == 3 && deleted == made)
    }

    @Test func `each user is an ordinary one with a token`() async throws {
        var (users, said): ([NewUser], [String]) = ([], [])
        let tokens = try await Preparation.tokens(501, progress: { said.append($0) }) { user throws(ChatError) in
            users.append(user)
            return "token of \(user.username)"
        }
        #expect(Set(users.map(\.username)).count == 501)
        #expect(users.allSatisfy { $0.role == .user && $0.password == nil })
        #expect(tokens == users.map { "token of \($0.username)" })
        #expect(said == ["preparing: 0 of 501 users", "preparing: 500 of 501 users"])
    }

    @Test(arguments: [0, 1, Limits.journalBatch, Limits.journalBatch + 1])
    func `messages come in batches of one commit, numbered from zero`(depth: Int) async throws {
        var batches: [[MessageBody]] = []
        try await Preparation.messages(depth, progress: { _ in }) { bodies throws(ChatError) in batches.append(bodies) }
        #expect(batches.allSatisfy { (1...Limits.journalBatch).contains($0.count) })
        let bodies = batches.joined().map { Array($0.text.utf8) }
        #expect(bodies == (0..<depth).map { Marker(stream: 0, number: $0).body(size: 128) })
    }
}
