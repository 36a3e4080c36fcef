import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct ReplPersonaTests {
    private let general = RoomName(stored: "general")
    private let plans = RoomName(stored: "plans")

    private func message(in room: RoomName, seq: Int64 = 1) throws -> Message {
        Message(
            id: seq, room: RoomReference(id: RoomID(1), name: room), seq: seq, body: try MessageBody("hi"),
            author: Author(id: UserID(1), username: Username(stored: "bob"), displayName: "Bob"),
            createdAt: Timestamp(milliseconds: 0))
    }

    @Test func `messages count in other rooms only, until one goes there`() async throws {
        try await withInstallation { installation in
            var persona = ReplPersona(name: Username(stored: "alice"), backend: installation.backend)
            persona.joined(general, epoch: "a")
            persona.joined(plans, epoch: "b")
            persona.heard(try message(in: general), epoch: "a")
            persona.heard(try message(in: plans), epoch: "b")
            #expect(persona.unread == [general: 1] && persona.room == plans)
            persona.enter(general)
            #expect(persona.unread.isEmpty && persona.room == general)
        }
    }

    @Test func `a room that is left gives its place to another, and a renamed one keeps it`() async throws {
        try await withInstallation { installation in
            var persona = ReplPersona(name: nil, backend: installation.backend)
            persona.joined(general, epoch: "a")
            persona.joined(plans, epoch: "b")
            let renamed = RoomName(stored: "ideas")
            persona.heard(try message(in: renamed), epoch: "b")
            #expect(persona.room == renamed && persona.follows(renamed) && !persona.follows(plans))
            persona.left(renamed)
            #expect(persona.room == general)
            persona.left(general)
            #expect(persona.room == nil)
        }
    }
}
