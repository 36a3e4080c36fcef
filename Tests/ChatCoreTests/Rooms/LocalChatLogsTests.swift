import ChatTestKit
import Testing

@testable import ChatCore

/// Logs, found by name and by epoch.
@Suite struct LocalChatLogsTests {
    @Test func `a log is the same under another name`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice", role: .admin)
        let service = node.service(for: alice)
        let (first, second) = (try await node.maker.makeRoom(), try await node.maker.makeRoom())
        try await node.maker.post("in the first", by: alice, in: first)
        let log = try await service.log(of: first.name)
        #expect(log.name == first.name && log.lastSeq == 1)
        let spare = try RoomName("spare")
        for (room, name) in [(first.name, spare), (second.name, first.name), (spare, second.name)] {
            _ = try await service.updateRoom(room, RoomChange(name: name))
        }
        #expect(try await service.log(epoch: log.epoch)?.name == second.name)
        #expect(try await service.log(of: first.name).epoch != log.epoch)
        let messages = try await service.messages(of: log, .after(0), limit: 9)
        #expect(messages.map(\.body.text) == ["in the first"] && messages.first?.room.name == second.name)
        #expect(try await service.room(epoch: log.epoch)?.id == first.id)
        await node.close()
    }

    @Test func `a log that is gone, or none of this database, is not found`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice", role: .admin)
        let service = node.service(for: alice)
        let room = try await node.maker.makeRoom()
        let log = try await service.log(of: room.name)
        try await service.deleteRoom(room.name)
        _ = try await service.createRoom(NewRoom(name: room.name, isPrivate: false, topic: "", members: []))
        for epoch in [log.epoch, "", ".", "x", "x.1", "\(log.epoch)1", "+" + log.epoch, log.epoch + ".1"] {
            #expect(try await service.log(epoch: epoch) == nil, "\(epoch)")
        }
        await expect(.roomNotFound) { _ = try await service.messages(of: log, .latest, limit: 1) }
        await node.close()
    }

    @Test func `who may not read a room does not find its log`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let (alice, bob) = (try await node.makeUser("alice", role: .admin), try await node.makeUser("bob"))
        let room = try await node.maker.makeRoom(isPrivate: true)
        let log = try await node.service(for: alice).log(of: room.name)
        #expect(try await node.service(for: bob).log(epoch: log.epoch) == nil)
        await expect(.notAMember) { _ = try await node.service(for: bob).messages(of: log, .latest, limit: 1) }
        await node.close()
    }
}
