import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// What happens to a feed while one of its rooms is being opened.
extension LocalFeedTests {
    /// A feed of bob's whose room is being opened: `meanwhile` runs between the check of rights and the attachment.
    private func feed(
        _ bench: Bench, _ bob: User, meanwhile: @escaping @Sendable (any Feed) async throws -> Void
    ) async throws -> (any Feed, Chat) {
        let held = Mutex<(any Feed)?>(nil)
        let store = WatchedStore(bench.node.store) { (call) async throws(ChatError) in
            guard call == .lastSeq, let feed = held.withLock({ $0.take() }) else { return }
            do { try await meanwhile(feed) } catch { Issue.record(error) }
        }
        let chat = Chat(
            store: store, bus: InProcessExchange().endpoint(), secrets: QuickSecrets(), coder: TextCoder(),
            clock: bench.node.clock.wall)
        let feed = try await chat.service(for: .user(bob)).feed()
        held.withLock { $0 = feed }
        try await feed.add(bench.position())
        return (feed, chat)
    }

    @Test func `a feed that is closed while a room is opened leaves nothing behind`() async throws {
        let bench = try await Bench()
        let (feed, chat) = try await feed(bench, bench.alice) { await $0.close() }
        #expect(chat.delivery.openRooms().isEmpty)
        #expect(try await feed.next() == nil)
        await bench.node.close()
    }

    @Test func `a room that is removed while it is opened is not followed`() async throws {
        let bench = try await Bench()
        let room = bench.rooms[0].name
        let (feed, chat) = try await feed(bench, bench.alice) { await $0.remove(room) }
        #expect(chat.delivery.openRooms().isEmpty)
        await feed.close()
        await bench.node.close()
    }

    @Test func `a user who is removed while a room is opened is told and gets nothing of it`() async throws {
        let bench = try await Bench(isPrivate: true)
        let (bob, room) = (try await bench.node.makeUser("bob"), bench.rooms[0])
        try await bench.node.service(for: bench.alice).setMember(bob.username, of: room.name, role: nil)
        let (feed, chat) = try await feed(bench, bob) { feed in
            (feed as? LocalFeed)?.post(.event(.removed(bob.id, room.reference, .kicked)))
        }
        #expect(chat.delivery.openRooms().isEmpty)
        #expect(try await feed.next() == .removed(room: room.name, reason: .kicked))
        await feed.close()
        await bench.node.close()
    }
}
