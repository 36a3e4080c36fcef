import ChatCore
import Testing

@testable import ChatCommands

@Suite struct ReplPromptTests {
    private let alice = Username(stored: "alice")
    private let general = RoomName(stored: "general")

    @Test func `it names who speaks where`() {
        #expect(ReplPrompt(user: alice, room: general).text == "alice #general> ")
        #expect(ReplPrompt(user: nil, room: general).text == "#general> ")
        #expect(ReplPrompt(user: alice, room: nil).text == "alice> ")
        #expect(ReplPrompt().text == "chatctl> ")
    }

    @Test func `it counts what is new in other rooms, and sums up many`() {
        let rooms = ["a", "b", "c", "d", "e"].map { RoomName(stored: $0) }
        var unread = Dictionary(uniqueKeysWithValues: rooms.map { ($0, 2) })
        unread[general] = 5
        unread[rooms[1]] = 0
        unread[rooms[0]] = 1_000
        #expect(ReplPrompt(user: alice, room: general, unread: unread).text == "alice #general [a:999+ c:2 d:2 +2]> ")
        #expect(ReplPrompt(user: alice, room: general, unread: [general: 3]).text == "alice #general> ")
    }
}
