import ChatTestKit
import Testing

@testable import ChatCore

/// Reading, deleting and searching, beside who may.
@Suite struct LocalChatMessagesTests {
    @Test func `authors delete their own, once, and everyone is told once`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let service = world.node.service(for: try world.user("mate"))
        _ = world.takeShown()
        try await service.deleteMessage(in: room.name, seq: 1)
        try await service.deleteMessage(in: room.name, seq: 1)
        #expect(world.takeShown() == ["deleted 1 in general"])
        let message = try await service.message(in: room.name, seq: 1)
        #expect(message.isDeleted && message.body.text.isEmpty)
        await expect(.messageNotFound) { try await service.deleteMessage(in: room.name, seq: 2) }
        await expect(.messageNotFound) { _ = try await service.message(in: room.name, seq: 2) }
        await world.node.close()
    }

    @Test func `authors edit their own, everyone is told, and the same text again changes nothing`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let service = world.node.service(for: try world.user("mate"))
        _ = world.takeShown()
        let edited = try await service.editMessage(in: room.name, seq: 1, to: MessageBody("better"))
        #expect(edited.body.text == "better" && edited.editedAt != nil && edited.seq == 1)
        #expect(world.takeShown() == ["edited 1 in general: better"])
        #expect(try await service.editMessage(in: room.name, seq: 1, to: MessageBody("better")) == edited)
        #expect(try await service.message(in: room.name, seq: 1) == edited)
        await expect(.messageNotFound) {
            _ = try await service.editMessage(in: room.name, seq: 2, to: MessageBody("x"))
        }
        try await service.deleteMessage(in: room.name, seq: 1)
        await expect(.messageNotFound) {
            _ = try await service.editMessage(in: room.name, seq: 1, to: MessageBody("x"))
        }
        await world.node.close()
    }

    @Test func `an edit in a joined room is of that room, whatever its name is by now`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let service = world.node.service(for: try world.user("mate"))
        _ = try await world.service(.owner).updateRoom(room.name, RoomChange(name: RoomName("renamed")))
        let other = try await world.makeRoom("general", .public)
        let edited = try await service.editMessage(inJoined: room, seq: 1, to: MessageBody("better"))
        #expect(edited.room == RoomReference(id: room.id, name: try RoomName("renamed")))
        #expect(try await service.message(in: other.name, seq: 1).editedAt == nil)
        #expect(try await service.lossOfReading(room) == nil)
        try await world.service(.owner).deleteRoom(RoomName("renamed"))
        await expect(.roomNotFound) {
            _ = try await service.editMessage(inJoined: room, seq: 1, to: MessageBody("worse"))
        }
        #expect(try await service.lossOfReading(room) == .deleted)
        await world.node.close()
    }

    @Test func `nobody edits another's message, and an author only while posting is allowed`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let (mate, service) = (try Username("mate"), world.node.service(for: try world.user("mate")))
        for other in [.moderator, .owner, .admin] as [Who] {
            await expect(.notAllowed) {
                _ = try await world.service(other).editMessage(in: room.name, seq: 1, to: MessageBody("x"))
            }
        }
        try await world.service(.moderator).restrict(.mute, mate, in: room.name, for: nil)
        await expect(.muted) { _ = try await service.editMessage(in: room.name, seq: 1, to: MessageBody("x")) }
        try await world.service(.moderator).restrict(.ban, mate, in: room.name, for: nil)
        await expect(.banned) { _ = try await service.editMessage(in: room.name, seq: 1, to: MessageBody("x")) }
        #expect(try await world.service(.owner).message(in: room.name, seq: 1).editedAt == nil)
        await world.node.close()
    }

    @Test func `a moderator deletes a member's message, and an owner's only an administrator`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        _ = try await world.service(.owner).send(MessageBody("order"), to: room.name, clientID: nil)
        await expect(.notAllowed) { try await world.service(.moderator).deleteMessage(in: room.name, seq: 2) }
        try await world.service(.moderator).deleteMessage(in: room.name, seq: 1)
        try await world.service(.admin).deleteMessage(in: room.name, seq: 2)
        await world.node.close()
    }

    @Test func `a muted author still deletes, a banned one does not`() async throws {
        let world = try await World()
        let room = try await world.makeRoom("general", .public)
        let (mate, service) = (try Username("mate"), world.node.service(for: try world.user("mate")))
        _ = try await service.send(MessageBody("two"), to: room.name, clientID: nil)
        try await world.service(.moderator).restrict(.mute, mate, in: room.name, for: nil)
        try await service.deleteMessage(in: room.name, seq: 1)
        try await world.service(.moderator).restrict(.ban, mate, in: room.name, for: nil)
        await expect(.banned) { try await service.deleteMessage(in: room.name, seq: 2) }
        await world.node.close()
    }

    @Test func `a search everywhere finds only what its user may read`() async throws {
        let world = try await World()
        for (name, kind) in [("general", RoomKind.public), ("plans", .private)] {
            _ = try await world.makeRoom(name, kind)
        }
        _ = try await world.makeDirectRoom()
        func rooms(_ who: Who) async throws -> Set<String> {
            Set(try await world.service(who).search("FIRST", in: nil, limit: 99).map(\.room.name.text))
        }
        #expect(try await rooms(.stranger) == ["general"])
        #expect(try await rooms(.banned) == [])
        #expect(try await rooms(.member) == ["direct", "general", "plans"])
        #expect(try await rooms(.admin) == ["general", "plans"])
        #expect(try await rooms(.operator) == ["direct", "general", "plans"])
        await expect(.invalidInput) { _ = try await world.service(.member).search("", in: nil, limit: 9) }
        await world.node.close()
    }
}
