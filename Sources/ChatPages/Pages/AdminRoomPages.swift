import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// Rooms with their counts, members and restrictions, for administrators.
struct AdminRoomPages: Sendable {
    let admin: AdminPages
    private var pages: Pages { admin.pages }

    var routes: [Route] {
        [
            admin.page("/admin/rooms", rooms),
            admin.page("/admin/rooms/{room}", room),
            admin.form("/admin/rooms/{room}", changeRoom),
            admin.form("/admin/rooms/{room}/people", changePeople),
        ]
    }

    private static func path(of room: RoomName) -> String { "/admin/rooms/\(PercentCoding.encoded(room.text))" }

    @Sendable private func rooms(_ call: Call, _ visitor: Visitor) async throws -> Response {
        let after = call.pageQuery["after"].flatMap { try? RoomName($0) }
        let found = try await pages.service(visitor).rooms(
            RoomFilter(page: ListPage(after: after, most: AdminPages.shown + 1)))
        let rooms = found.prefix(AdminPages.shown)
        let isMore = found.count > AdminPages.shown
        let values: PageValues = [
            "allRooms": .list(rooms.map(shown)), "isEmpty": .flag(rooms.isEmpty), "onRooms": true,
            "more": isMore ? .text(rooms.last.map { "/admin/rooms?after=\($0.name)" }) : .none,
        ]
        return try pages.page("admin-rooms", "Rooms", visitor, values)
    }

    private func shown(_ room: Room) -> PageValues {
        [
            "room": .text(room.name.text), "url": .text(Self.path(of: room.name)),
            "chatURL": .text(ChatRoomPages.path(of: room.name)), "kind": .text(room.kind.rawValue),
            "topic": .text(room.topic), "archived": .flag(room.isArchived),
            "members": .number(Int64(room.memberCount)), "online": .number(Int64(room.onlineCount)),
            "messages": .number(room.lastSeq), "last": .text(PageTime.minute(room.lastMessageAt, orNot: "never")),
            "canChange": .flag(room.kind != .direct),
        ]
    }

    @Sendable private func room(_ call: Call, _ visitor: Visitor) async throws -> Response {
        let (service, name) = (pages.service(visitor), try call.context.roomName())
        let room = try await service.room(named: name)
        let members = try await service.members(of: name, ListPage(most: AdminPages.shown))
        let restrictions = room.kind == .direct ? [] : try await service.restrictions(in: name)
        var values = shown(room)
        values["memberList"] = .list(
            members.map { ["user": .text($0.username.text), "role": .text($0.role.rawValue)] })
        values["restrictions"] = .list(
            restrictions.map { restriction in
                [
                    "user": .text(restriction.username.text), "kind": .text(restriction.kind.rawValue),
                    "isBan": .flag(restriction.kind == .ban), "by": .text(restriction.by),
                    "until": .text(PageTime.minute(restriction.until, orNot: "lifted")),
                    "reason": .filled(restriction.reason),
                ]
            })
        values["onRooms"] = true
        return try pages.page("admin-room", "Room \(room.name)", visitor, values)
    }

    @Sendable private func changeRoom(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        let (service, name) = (pages.service(visitor), try call.context.roomName())
        switch form["act"] {
        case "archive": _ = try await service.updateRoom(name, RoomChange(archived: true))
        case "unarchive": _ = try await service.updateRoom(name, RoomChange(archived: false))
        case "topic": _ = try await service.updateRoom(name, RoomChange(topic: form.trimmed("topic")))
        case "rename":
            let room = try await service.updateRoom(name, RoomChange(name: RoomName(form.trimmed("name"))))
            return .seeOther(Self.path(of: room.name))
        case "delete" where form["sure"] == "yes":
            try await service.deleteRoom(name)
            return .seeOther("/admin/rooms")
        case "delete": throw ChatError(.invalidInput, "tick the box beside the button to delete room \(name)")
        default: throw AdminPages.unknownAct
        }
        return .seeOther(Self.path(of: name))
    }

    @Sendable private func changePeople(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        let (service, name) = (pages.service(visitor), try call.context.roomName())
        let user = try Username(form.trimmed("user"))
        let minutes = Int64(form.trimmed("minutes"))
        // More than ten years are refused by the use case, and nothing overflows before.
        let life = minutes.map { Duration.seconds(min(max($0, 0), 10_000_000) * 60) }
        switch form["act"] {
        case "add": try await service.setMember(user, of: name, role: MemberRole(rawValue: form["role"]))
        case "remove": try await service.removeMember(user, of: name)
        case "kick": try await service.kick(user, from: name)
        case "ban": try await service.restrict(.ban, user, in: name, for: life, reason: form.trimmed("reason"))
        case "mute": try await service.restrict(.mute, user, in: name, for: life, reason: form.trimmed("reason"))
        case "unban": try await service.lift(.ban, from: user, in: name)
        case "unmute": try await service.lift(.mute, from: user, in: name)
        default: throw AdminPages.unknownAct
        }
        return .seeOther(Self.path(of: name))
    }
}
