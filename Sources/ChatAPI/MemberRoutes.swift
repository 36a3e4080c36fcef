import ChatCore
import ChatHTTP
import ChatWire
import Hummingbird

/// The members of a room, and moderation.
struct MemberRoutes {
    let chat: Chat

    var routes: [Route] {
        members + [restrictions, kick] + moderation(.ban, "/api/v1/rooms/{room}/bans/{user}", "Bans")
            + moderation(.mute, "/api/v1/rooms/{room}/mutes/{user}", "Mutes")
    }

    private var members: [Route] {
        [
            Route(
                .get, "/api/v1/rooms/{room}/members", "Lists the members of a room", query: [.pageLimit, .afterUser],
                answers: [.page("A page of members, by name.", of: .member)]
            ) { call in
                let members = try await service(call).members(
                    of: call.context.roomName(), call.userPage())
                return call.page(members, limit: call.pageLimit, key: \.username.text) { $0.member($1) }
            },
            Route(
                .put, "/api/v1/rooms/{room}/members/{user}", "Adds a member or changes their role",
                body: MemberRequest.self, answers: [.ok("The member.", .member)]
            ) { call, wish in
                let (room, user) = (try call.context.roomName(), try call.context.username())
                try await service(call).setMember(user, of: room, role: wish.role.flatMap(MemberRole.init))
                let member = try await service(call).members(of: room).first { $0.username == user }
                guard let member else { throw ChatError.noUser(user) }
                return Response.json { $0.member(member) }
            },
            Route(
                .delete, "/api/v1/rooms/{room}/members/{user}", "Removes a member", answers: [.done]
            ) { call in
                try await service(call).removeMember(call.context.username(), of: call.context.roomName())
                return Response.noContent
            },
        ]
    }

    private var restrictions: Route {
        Route(
            .get, "/api/v1/rooms/{room}/restrictions", "Lists the bans and mutes that are in force, for moderators",
            answers: [.ok("The restrictions.", .list(.restriction))]
        ) { call in
            let room = try call.context.roomName()
            let imposed = try await service(call).restrictions(in: room)
            return Response.json { $0.array(imposed) { $0.restriction($1, in: room) } }
        }
    }

    private var kick: Route {
        Route(
            .post, "/api/v1/rooms/{room}/kick/{user}", "Removes a user and their live connections from a room",
            answers: [.done]
        ) { call in
            try await service(call).kick(call.context.username(), from: call.context.roomName())
            return Response.noContent
        }
    }

    private func moderation(_ kind: RestrictionKind, _ path: RoutePath, _ verb: String) -> [Route] {
        [
            Route(
                .put, path, "\(verb) a user in a room, for a time or until it is lifted",
                body: RestrictionRequest.self, answers: [.done]
            ) { call, wish in
                let life = wish.duration_ms.map { Duration.milliseconds($0) }
                try await service(call).restrict(
                    kind, call.context.username(), in: call.context.roomName(), for: life, reason: wish.reason ?? "")
                return Response.noContent
            },
            Route(.delete, path, "Lifts the \(kind.rawValue)", answers: [.done]) { call in
                try await service(call).lift(kind, from: call.context.username(), in: call.context.roomName())
                return Response.noContent
            },
        ]
    }

    private func service(_ call: Call) throws -> LocalChat {
        try chat.service(of: call.context)
    }
}
