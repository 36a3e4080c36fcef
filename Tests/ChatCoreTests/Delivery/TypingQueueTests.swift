import Testing

@testable import ChatCore

/// Who types, gathered for the other nodes.
@Suite struct TypingQueueTests {
    private let room = RoomReference(id: RoomID(1), name: RoomName(stored: "general"))

    @Test func `one person in one room is told once`() {
        var queue = TypingQueue()
        let bob = Username(stored: "bob")
        for _ in 0..<3 { queue.add(room, bob) }
        #expect(queue.takeAll() == [.typing(room: room, username: bob)])
        #expect(queue.takeAll().isEmpty)
    }

    @Test func `after it was taken the same can be told again`() {
        var queue = TypingQueue()
        queue.add(room, Username(stored: "bob"))
        _ = queue.takeAll()
        queue.add(room, Username(stored: "bob"))
        #expect(queue.takeAll().count == 1)
    }

    @Test func `people are told in the order in which they typed`() {
        var queue = TypingQueue()
        let names = ["carol", "alice", "bob"].map { Username(stored: $0) }
        for name in names { queue.add(room, name) }
        #expect(queue.takeAll() == names.map { .typing(room: room, username: $0) })
    }

    @Test func `a crowd is bounded`() {
        var queue = TypingQueue()
        for number in 0..<5_000 { queue.add(room, Username(stored: "user-\(number)")) }
        #expect(queue.takeAll().count == Limits.typingQueue)
    }
}
