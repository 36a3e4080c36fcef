import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes
import Hummingbird

/// Rooms, their members and moderation.
struct RoomRoutes {
    let chat: Chat

    func add(to group: RouterGroup<HTTPContext>) {
        group.get("rooms", use: list)
        group.post("rooms", use: create)
        group.get("rooms/:room") { _, context in
            let room = try await service(context).room(named: context.roomName())
            return Response.json { $0.room(room) }
        }
        group.patch("rooms/:room") { request, context in
            let patch = try await request.shape(RoomPatch.self)
            let name = try patch.name.map { try RoomName($0) }
            let change = try RoomChange(name: name, topic: patch.topic, archived: patch.archived)
            let room = try await service(context).updateRoom(context.roomName(), change)
            return Response.json { $0.room(room) }
        }
        group.delete("rooms/:room") { _, context in
            try await service(context).deleteRoom(context.roomName())
            return Response.noContent
        }
        group.post("direct/:user") { _, context in
            let other = try context.username()
            let (room, made) = try await service(context).directRoom(context.requireCredential().user.username, other)
            return Response.json(made ? .created : .ok) { $0.room(room) }
        }
        addMembers(to: group)
        addModeration(to: group)
    }

    private func addMembers(to group: RouterGroup<HTTPContext>) {
        group.get("rooms/:room/members") { _, context in
            let members = try await service(context).members(of: context.roomName())
            return Response.json { $0.array(members) { $0.member($1) } }
        }
        group.put("rooms/:room/members/:user") { request, context in
            let wish = try await request.shape(MemberRequest.self)
            let role = try wish.role.map { try Self.role($0) }
            let (room, user) = (try context.roomName(), try context.username())
            try await service(context).setMember(user, of: room, role: role)
            let member = try await service(context).members(of: room).first { $0.username == user }
            guard let member else { throw ChatError.noUser(user) }
            return Response.json { $0.member(member) }
        }
        group.delete("rooms/:room/members/:user") { _, context in
            try await service(context).removeMember(context.username(), of: context.roomName())
            return Response.noContent
        }
        group.get("rooms/:room/presence") { _, context in
            let presence = try await service(context).presence(in: context.roomName())
            return Response.json { $0.presence(presence) }
        }
    }

    private func addModeration(to group: RouterGroup<HTTPContext>) {
        group.get("rooms/:room/restrictions") { _, context in
            let room = try context.roomName()
            let imposed = try await service(context).restrictions(in: room)
            return Response.json { $0.array(imposed) { $0.restriction($1, in: room) } }
        }
        group.post("rooms/:room/kick/:user") { _, context in
            try await service(context).kick(context.username(), from: context.roomName())
            return Response.noContent
        }
        for (path, kind) in [("bans", RestrictionKind.ban), ("mutes", .mute)] {
            group.put("rooms/:room/\(path)/:user") { request, context in
                let wish = try await request.shape(RestrictionRequest.self)
                try await service(context).restrict(
                    kind, context.username(), in: context.roomName(), for: wish.duration_ms.map { .milliseconds($0) })
                return Response.noContent
            }
            group.delete("rooms/:room/\(path)/:user") { _, context in
                try await service(context).lift(kind, from: context.username(), in: context.roomName())
                return Response.noContent
            }
        }
    }

    @Sendable private func list(_ request: Request, _ context: HTTPContext) async throws -> Response {
        var filter = RoomFilter()
        if let kind = request.query("kind") {
            guard let known = RoomKind(rawValue: kind) else {
                throw ChatError(.invalidInput, "kind: not public, private or direct")
            }
            filter.kind = known
        }
        if let user = request.query("user") { filter.member = try Username(user) }
        let rooms = try await service(context).rooms(filter)
        return Response.json { $0.array(rooms) { $0.room($1) } }
    }

    @Sendable private func create(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let wish = try await request.shape(RoomRequest.self)
        guard ["public", "private"].contains(wish.kind ?? "public") else {
            throw ChatError(.invalidInput, "kind: not public or private", fields: ["kind": ["Use public or private."]])
        }
        let new = try NewRoom(
            name: RoomName(wish.name), isPrivate: wish.kind == "private", topic: wish.topic ?? "",
            members: (wish.members ?? []).map { try Username($0) })
        let room = try await service(context).createRoom(new)
        return Response.json(.created) { $0.room(room) }
    }

    private static func role(_ text: String) throws(ChatError) -> MemberRole {
        guard let role = MemberRole(rawValue: text) else {
            throw ChatError(
                .invalidInput, "role: not owner, moderator or member",
                fields: ["role": ["Use owner, moderator or member."]])
        }
        return role
    }

    private func service(_ context: HTTPContext) throws -> LocalChat {
        try chat.service(of: context)
    }
}
