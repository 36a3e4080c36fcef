import ChatTestKit
import Testing

@testable import ChatCore

/// A use case on a room, and what it says to each who calls it.
struct RoomAct: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: RoomKind
    /// The codes of those who are refused; everybody else may.
    let refused: [Who: ErrorCode]
    /// What the hubs show when it was done in a room of the name.
    let shows: @Sendable (RoomName) -> [String]
    let run: @Sendable (LocalChat, RoomName) async throws -> Void

    init(
        _ name: String, in kind: RoomKind, refusing refused: [Who: ErrorCode],
        shows: @escaping @Sendable (RoomName) -> [String] = { _ in [] },
        _ run: @escaping @Sendable (LocalChat, RoomName) async throws -> Void
    ) {
        self.name = name
        self.kind = kind
        self.refused = refused
        self.shows = shows
        self.run = run
    }

    var testDescription: String { "\(name), \(kind.rawValue)" }
}

extension RoomAct {
    private static let mate = Username(stored: "mate")
    private static let warden = Username(stored: "warden")
    private static let heir = Username(stored: "heir")
    private static let guest = Username(stored: "guest")
    private static let outcast = Username(stored: "outcast")
    private static let silenced = Username(stored: "silenced")
    private static let general = "heir mate member moderator muted owner silenced warden"

    private static func readers(_ kind: RoomKind) -> [Who: ErrorCode] {
        kind == .public ? [.banned: .banned] : [.banned: .banned, .stranger: .notAMember]
    }

    private static let moderators: [Who: ErrorCode] = [
        .stranger: .notAllowed, .member: .notAllowed, .muted: .notAllowed, .banned: .notAllowed,
    ]
    private static let owners = moderators.merging([.moderator: .notAllowed]) { $1 }
    private static let administrators = owners.merging([.owner: .notAllowed]) { $1 }

    static let all = [RoomKind.public, .private].flatMap { reading($0) + posting($0) + changing($0) + moderating($0) }

    private static func reading(_ kind: RoomKind) -> [RoomAct] {
        let refused = readers(kind)
        return [
            RoomAct("show the room", in: kind, refusing: refused) { _ = try await $0.room(named: $1) },
            RoomAct("read messages", in: kind, refusing: refused) { service, room in
                let messages = try await service.messages(in: room, .latest, limit: 9)
                #expect(messages.count == 1)
            },
            RoomAct("read one message", in: kind, refusing: refused) { _ = try await $0.message(in: $1, seq: 1) },
            RoomAct("search", in: kind, refusing: refused) { service, room in
                let hits = try await service.search("first", in: room, limit: 9)
                #expect(hits.count == 1)
            },
            RoomAct("list members", in: kind, refusing: refused) { _ = try await $0.members(of: $1) },
            RoomAct("see presence", in: kind, refusing: refused) { _ = try await $0.presence(in: $1) },
            RoomAct("join", in: kind, refusing: refused) { _ = try await $0.admit(JoinRequest(room: $1)) },
            RoomAct("follow", in: kind, refusing: refused) { service, room in
                let feed = try await service.feed()
                do { try await feed.add(RoomPosition(room: room, after: 0)) } catch {
                    await feed.close()
                    throw error
                }
                await feed.close()
            },
        ]
    }

    private static func posting(_ kind: RoomKind) -> [RoomAct] {
        var refused: [Who: ErrorCode] = [.banned: .banned, .muted: .muted, .operator: .usage]
        if kind == .private { refused.merge([.stranger: .notAMember, .admin: .notAMember]) { $1 } }
        return [
            RoomAct("post", in: kind, refusing: refused, shows: { _ in ["messages 2 to 2"] }) { service, room in
                _ = try await service.send(MessageBody("hello"), to: room, clientID: nil)
            },
            RoomAct("post many", in: kind, refusing: refused, shows: { _ in ["messages 2 to 4"] }) { service, room in
                try await service.send(all: (1...3).map { try MessageBody("m\($0)") }, to: room)
            },
            RoomAct(
                "delete another's message", in: kind,
                refusing: moderators.merging(readers(kind)) { $1 }, shows: { ["deleted 1 in \($0)"] }
            ) { try await $0.deleteMessage(in: $1, seq: 1) },
        ]
    }

    private static func changing(_ kind: RoomKind) -> [RoomAct] {
        let shape: @Sendable (RoomName) -> [String] = { ["\($0) to \(general)"] }
        return [
            RoomAct("set the topic", in: kind, refusing: moderators, shows: shape) { service, room in
                _ = try await service.updateRoom(room, RoomChange(topic: "news"))
            },
            RoomAct("rename", in: kind, refusing: owners, shows: { ["\($0)-2 to \(general)"] }) { service, room in
                _ = try await service.updateRoom(room, RoomChange(name: RoomName("\(room)-2")))
            },
            RoomAct("archive", in: kind, refusing: owners, shows: shape) { service, room in
                _ = try await service.updateRoom(room, RoomChange(archived: true))
            },
            RoomAct("delete the room", in: kind, refusing: owners, shows: { ["\($0) deleted"] }) {
                try await $0.deleteRoom($1)
            },
            RoomAct("add a member", in: kind, refusing: moderators, shows: { ["\($0) to guest"] }) {
                try await $0.setMember(guest, of: $1, role: nil)
            },
            RoomAct("make a moderator", in: kind, refusing: owners) {
                try await $0.setMember(mate, of: $1, role: .moderator)
            },
            RoomAct("make an owner of a stranger", in: kind, refusing: owners, shows: { ["\($0) to guest"] }) {
                try await $0.setMember(guest, of: $1, role: .owner)
            },
            RoomAct("demote a moderator", in: kind, refusing: owners) {
                try await $0.setMember(warden, of: $1, role: .member)
            },
            RoomAct("demote an owner", in: kind, refusing: administrators) {
                try await $0.setMember(heir, of: $1, role: .member)
            },
        ]
    }

    private static func moderating(_ kind: RoomKind) -> [RoomAct] {
        [
            RoomAct("remove a member", in: kind, refusing: moderators, shows: { ["mate removed from \($0)"] }) {
                try await $0.removeMember(mate, of: $1)
            },
            RoomAct("remove who is none", in: kind, refusing: moderators) { try await $0.removeMember(guest, of: $1) },
            RoomAct("kick a member", in: kind, refusing: moderators, shows: { ["mate kicked from \($0)"] }) {
                try await $0.kick(mate, from: $1)
            },
            RoomAct("kick a visitor", in: kind, refusing: moderators, shows: { ["guest kicked from \($0)"] }) {
                try await $0.kick(guest, from: $1)
            },
            RoomAct("kick a moderator", in: kind, refusing: owners, shows: { ["warden kicked from \($0)"] }) {
                try await $0.kick(warden, from: $1)
            },
            RoomAct("kick an owner", in: kind, refusing: administrators, shows: { ["heir kicked from \($0)"] }) {
                try await $0.kick(heir, from: $1)
            },
            RoomAct("ban a member", in: kind, refusing: moderators, shows: { ["mate banned from \($0)"] }) {
                try await $0.restrict(.ban, mate, in: $1, for: nil, reason: "")
            },
            RoomAct("ban a moderator", in: kind, refusing: owners, shows: { ["warden banned from \($0)"] }) {
                try await $0.restrict(.ban, warden, in: $1, for: .seconds(60), reason: "")
            },
            RoomAct("mute a member", in: kind, refusing: moderators) {
                try await $0.restrict(.mute, mate, in: $1, for: nil, reason: "")
            },
            RoomAct("mute an owner", in: kind, refusing: administrators) {
                try await $0.restrict(.mute, heir, in: $1, for: nil, reason: "")
            },
            RoomAct("lift a ban", in: kind, refusing: moderators) { try await $0.lift(.ban, from: outcast, in: $1) },
            RoomAct("lift a mute", in: kind, refusing: moderators) {
                try await $0.lift(.mute, from: silenced, in: $1)
            },
        ]
    }
}

/// Who may do what in a room, what everyone is shown of it, and that a refusal leaves no trace.
@Suite struct RoomAuthorizationTests {
    @Test(arguments: RoomAct.all) func `an act is open to those it is for, and to nobody else`(act: RoomAct)
        async throws
    {
        let world = try await World()
        let room = try await world.makeRoom("refused", act.kind).name
        _ = world.takeShown()
        let before = try await world.snapshot()
        for (who, code) in act.refused {
            await expect(code, "by \(who)") { try await act.run(world.service(who), room) }
        }
        #expect(try await world.snapshot() == before)
        #expect(world.takeShown() == [])
        for who in Who.allCases where act.refused[who] == nil {
            let room = try await world.makeRoom("room-\(who)", act.kind).name
            _ = world.takeShown()
            do { try await act.run(world.service(who), room) } catch { Issue.record("\(who): \(error)") }
            #expect(world.takeShown() == act.shows(room), "by \(who)")
        }
        await world.node.close()
    }

    @Test func `a direct room is open to its two users, and beside them only to the operator's eyes`() async throws {
        let world = try await World()
        let room = try await world.makeDirectRoom().name
        _ = world.takeShown()
        for who in Who.allCases {
            let service = try world.service(who)
            if who == .member || who == .operator {
                #expect(try await service.messages(in: room, .latest, limit: 9).count == 1)
            } else {
                await expect(.notAMember) { _ = try await service.messages(in: room, .latest, limit: 9) }
                await expect(.notAMember) { try await service.deleteMessage(in: room, seq: 1) }
                await expect(.notAMember) { _ = try await service.admit(JoinRequest(room: room)) }
            }
            await expect(.notAllowed) { _ = try await service.updateRoom(room, RoomChange(topic: "x")) }
            await expect(.notAllowed) { try await service.setMember(Username("guest"), of: room, role: nil) }
            await expect(.notAllowed) { try await service.kick(Username("mate"), from: room) }
            await expect(.notAllowed) { try await service.removeMember(Username(who.rawValue), of: room) }
            if who != .operator { await expect(.notAllowed) { try await service.deleteRoom(room) } }
        }
        // Not even its other user deletes what somebody wrote there.
        await expect(.notAllowed) { try await world.service(.member).deleteMessage(in: room, seq: 1) }
        #expect(world.takeShown() == [])
        try await world.service(.operator).deleteMessage(in: room, seq: 1)
        try await world.service(.operator).deleteRoom(room)
        #expect(world.takeShown() == ["deleted 1 in direct", "direct deleted"])
        await world.node.close()
    }
}

/// Expects a refusal, and names in a failure who was to be refused.
private func expect(_ code: ErrorCode, _ comment: String, _ work: () async throws -> Void) async {
    do {
        try await work()
        Issue.record("\(comment): allowed")
    } catch {
        #expect((error as? ChatError)?.code == code, "\(comment): \(error)")
    }
}
