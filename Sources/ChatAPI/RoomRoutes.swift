import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes
import Hummingbird

/// Rooms.
struct RoomRoutes {
    let chat: Chat

    private static let epoch = QueryParameter(
        "epoch", .anyText, "Only the room whose log has this epoch; not with another parameter.")

    var routes: [Route] { all + single }

    private var all: [Route] {
        let kind = QueryParameter("kind", .choice(RoomKind.allCases.map(\.rawValue)), "Only rooms of this kind.")
        let user = QueryParameter("user", .username, "Only rooms of which this user is a member.")
        let idle = QueryParameter(
            "idle_since", .time, "Only rooms without a message since this time; they are at least as old.")
        return [
            Route(
                .get, "/api/v1/rooms", "Lists the rooms that the caller may see",
                query: [kind, user, idle, Self.epoch, .pageLimit, .afterRoom],
                answers: [.page("A page of rooms, by name.", of: .room)],
                respond: list),
            Route(
                .post, "/api/v1/rooms", "Creates a room, of which the caller is the owner", body: RoomRequest.self,
                answers: [.created("The room.", .room)], respond: create),
            Route(
                .post, "/api/v1/direct/{user}", "Opens the direct room with a user",
                answers: [.ok("The room, which was there.", .room), .created("The new room.", .room)]
            ) { call in
                let (caller, other) = (try call.context.requireCredential().user.username, try call.context.username())
                let (room, made) = try await service(call).directRoom(caller, other)
                return Response.json(made ? .created : .ok) { $0.room(room) }
            },
        ]
    }

    private var single: [Route] {
        [
            Route(
                .get, "/api/v1/rooms/{room}", "Shows a room", answers: [.ok("The room.", .room).withEpoch],
                respond: show),
            Route(
                .patch, "/api/v1/rooms/{room}", "Changes a room", body: RoomPatch.self,
                answers: [.ok("The changed room.", .room)]
            ) { call, patch in
                let name = try patch.name.map { try RoomName($0) }
                let change = try RoomChange(name: name, topic: patch.topic, archived: patch.archived)
                let room = try await service(call).updateRoom(call.context.roomName(), change)
                return Response.json { $0.room(room) }
            },
            Route(
                .delete, "/api/v1/rooms/{room}", "Deletes a room and everything in it", answers: [.done]
            ) { call in
                try await service(call).deleteRoom(call.context.roomName())
                return Response.noContent
            },
            Route(
                .get, "/api/v1/rooms/{room}/presence", "Shows who is online in a room",
                answers: [.ok("Who is online.", .presence)]
            ) { call in
                let presence = try await service(call).presence(in: call.context.roomName())
                return Response.json { $0.presence(presence) }
            },
        ]
    }

    @Sendable private func show(_ call: Call) async throws -> Response {
        let room = try await service(call).room(named: call.context.roomName())
        var response = Response.json { $0.room(room) }
        response.headers[.roomEpoch] = try await service(call).epoch(of: room)
        return response
    }

    @Sendable private func list(_ call: Call) async throws -> Response {
        if let epoch = call.query["epoch"] {
            guard call.query.names == ["epoch"] else {
                throw ChatError(
                    .invalidInput, "query: epoch names one room, so nothing else can be asked of it",
                    fields: ["epoch": ["Use it alone."]])
            }
            let room = try await service(call).room(epoch: epoch)
            return Response.json { $0.array(room.map { [$0] } ?? []) { $0.room($1) } }
        }
        let filter = RoomFilter(
            kind: call.query["kind"].flatMap(RoomKind.init), member: try call.query["user"].map { try Username($0) },
            idleSince: try call.query.moment("idle_since"), page: try call.roomPage())
        let rooms = try await service(call).rooms(filter)
        return call.page(rooms, limit: call.pageLimit, key: \.name.text) { $0.room($1) }
    }

    @Sendable private func create(_ call: Call, _ wish: RoomRequest) async throws -> Response {
        let new = try NewRoom(
            name: RoomName(wish.name), isPrivate: wish.kind == "private", topic: wish.topic ?? "",
            members: (wish.members ?? []).map { try Username($0) })
        let room = try await service(call).createRoom(new)
        return Response.json(.created) { $0.room(room) }
    }

    private func service(_ call: Call) throws -> LocalChat {
        try chat.service(of: call.context)
    }
}
