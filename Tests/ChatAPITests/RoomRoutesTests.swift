import ChatCore
import ChatTestKit
import Testing

@testable import ChatAPI

/// How the routes of rooms read what they are sent, and what they answer.
@Suite struct RoomRoutesTests {
    @Test func `a room is made, shown, changed and deleted`() async throws {
        let api = try await TestAPI()
        let made = try await api.ask("POST /rooms", #"{"name":"Plans","kind":"private","topic":"t","members":["bob"]}"#)
        #expect(
            made.status == 201 && made.body.contains(#""name":"plans""#) && made.body.contains(#""kind":"private""#))
        #expect(try await api.ask("GET /rooms/PLANS").body == made.body)
        let changed = try await api.ask("PATCH /rooms/plans", #"{"topic":"new","archived":true}"#)
        #expect(changed.status == 200 && changed.body.contains(#""topic":"new""#))
        #expect(try await api.ask("DELETE /rooms/plans").status == 204)
        #expect(try await api.ask("GET /rooms/plans").code == "room_not_found")
        await api.close()
    }

    @Test(arguments: [
        ("POST /rooms", "", "invalid_input"), ("POST /rooms", "{", "invalid_json"),
        ("POST /rooms", "[]", "invalid_input"), ("POST /rooms", #"{"name":5}"#, "invalid_input"),
        ("POST /rooms", #"{"name":""}"#, "invalid_input"), ("POST /rooms", #"{"name":"a b"}"#, "invalid_input"),
        ("POST /rooms", #"{"name":"new","kind":"direct"}"#, "invalid_input"),
        ("POST /rooms", #"{"name":"new","members":"bob"}"#, "invalid_input"),
        ("POST /rooms", #"{"name":"new","members":["b b"]}"#, "invalid_input"),
        ("POST /rooms", #"{"name":"new","members":["nobody"]}"#, "user_not_found"),
        ("POST /rooms", #"{"name":"general"}"#, "already_exists"),
        ("PATCH /rooms/general", #"{"archived":"yes"}"#, "invalid_input"),
        ("PATCH /rooms/general", #"{"name":"-"}"#, "invalid_input"),
        ("GET /rooms/a%20b", "", "room_not_found"), ("GET /rooms/nowhere", "", "room_not_found"),
        ("GET /rooms?kind=secret", "", "invalid_input"), ("GET /rooms?user=a%20b", "", "invalid_input"),
        ("GET /rooms?user=nobody", "", "user_not_found"), ("GET /rooms?idle_since=30d", "", "invalid_input"),
        ("PUT /rooms/general/bans/bob", #"{"reason":5}"#, "invalid_input"),
        ("PUT /rooms/general/bans/bob", #"{"reason":"\#(String(repeating: "r", count: 251))"}"#, "invalid_input"),
        ("PUT /rooms/general/members/bob", #"{"role":"king"}"#, "invalid_input"),
        ("PUT /rooms/general/members/bob", #"{"role":1}"#, "invalid_input"),
        ("PUT /rooms/general/members/a%20b", "", "user_not_found"),
        ("PUT /rooms/general/members/nobody", "", "user_not_found"),
        ("POST /direct/nobody", "", "user_not_found"), ("POST /direct/alice", "", "invalid_input"),
        ("PUT /rooms/general/bans/bob", #"{"duration_ms":"5"}"#, "invalid_input"),
        ("PUT /rooms/general/bans/bob", #"{"duration_ms":-1}"#, "invalid_input"),
        ("PUT /rooms/general/mutes/bob", #"{"duration_ms":9223372036854775807}"#, "invalid_input"),
        ("GET /nowhere", "", "not_found"),
    ])
    func `what cannot be read is refused with its code`(line: String, body: String, code: String) async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", #"{"name":"general"}"#)
        let answer = try await api.ask(line, body)
        #expect(answer.code == code, "\(answer.status) \(answer.body)")
        #expect((400..<500).contains(answer.status))
        await api.close()
    }

    @Test func `lists are narrowed by kind and member`() async throws {
        let api = try await TestAPI()
        for (name, kind) in [("general", "public"), ("plans", "private")] {
            _ = try await api.ask("POST /rooms", #"{"name":"\#(name)","kind":"\#(kind)"}"#)
        }
        _ = try await api.ask("POST /direct/bob")
        func count(_ query: String) async throws -> Int {
            try await api.ask("GET /rooms\(query)").body.components(of: #""created_at""#)
        }
        #expect(try await count("") == 3)
        #expect(try await count("?kind=private") == 1)
        #expect(try await count("?user=bob") == 1)
        #expect(try await count("?kind=public&user=bob") == 0)
        api.node.clock.advance(by: .seconds(60))
        #expect(try await api.ask("POST /rooms/general/messages", #"{"body":"x"}"#).status == 201)
        let moment = (api.node.clock.now - .seconds(60)).rfc3339
        #expect(try await count("?idle_since=\(moment)") == 2)
        #expect(try await count("?idle_since=\(api.node.clock.now.rfc3339)") == 3)
        await api.close()
    }

    @Test func `the epoch of a room's log is told, and finds the room under any name`() async throws {
        let api = try await TestAPI()
        for (name, kind) in [("general", "public"), ("plans", "private")] {
            _ = try await api.ask("POST /rooms", #"{"name":"\#(name)","kind":"\#(kind)"}"#)
        }
        let epoch = try #require(try await api.epoch(of: "/rooms/general"))
        #expect(try await api.epoch(of: "/rooms/general/messages?limit=1") == epoch)
        #expect(try await api.epoch(of: "/rooms/plans") != epoch)
        _ = try await api.ask("PATCH /rooms/general", #"{"name":"moved"}"#)
        _ = try await api.ask("POST /rooms", #"{"name":"general"}"#)
        let found = try await api.ask("GET /rooms?epoch=\(epoch)")
        #expect(found.body == "[\(try await api.ask("GET /rooms/moved").body)]")
        #expect(try await api.epoch(of: "/rooms/general") != epoch)
        let hidden = try #require(try await api.epoch(of: "/rooms/plans"))
        #expect(try await api.ask("GET /rooms?epoch=\(hidden)", as: "bob").body == "[]")
        #expect(try await api.ask("GET /rooms?epoch=none").body == "[]")
        for query in ["epoch=\(epoch)&kind=public", "limit=1&epoch=\(epoch)"] {
            #expect(try await api.ask("GET /rooms?\(query)").code == "invalid_input")
        }
        await api.close()
    }

    @Test func `members are added, get roles and are removed`() async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", #"{"name":"general"}"#)
        let path = "/rooms/general/members/bob"
        #expect(try await api.ask("PUT \(path)").body.contains(#""role":"member""#))
        #expect(try await api.ask("PUT \(path)", #"{"role":"moderator"}"#).body.contains(#""role":"moderator""#))
        #expect(try await api.ask("PUT \(path)").body.contains(#""role":"moderator""#))
        #expect(try await api.ask("GET /rooms/general/members").body.contains(#""username":"bob""#))
        #expect(try await api.ask("DELETE \(path)").status == 204)
        #expect(try await api.ask("DELETE \(path)").status == 204)
        #expect(try await api.ask("GET /rooms/general/presence").status == 200)
        await api.close()
    }

    @Test func `moderation is answered with nothing, and holds`() async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", #"{"name":"general"}"#)
        let message = #"{"body":"x"}"#
        func post() async throws -> Int { try await api.ask("POST /rooms/general/messages", as: "bob", message).status }
        #expect(try await api.ask("PUT /rooms/general/mutes/bob").status == 204)
        #expect(try await post() == 403)
        #expect(try await api.ask("DELETE /rooms/general/mutes/bob").status == 204)
        #expect(try await post() == 201)
        #expect(
            try await api.ask("PUT /rooms/general/bans/bob", #"{"duration_ms":60000,"reason":"spam"}"#).status == 204)
        #expect(try await post() == 403)
        let imposed = try await api.ask("GET /rooms/general/restrictions")
        #expect(imposed.body.contains(#""username":"bob","kind":"ban","until":"#))
        #expect(imposed.body.contains(#""reason":"spam""#))
        #expect(try await api.ask("GET /rooms/general/restrictions", as: "bob").status == 403)
        api.node.clock.advance(by: .seconds(60))
        #expect(try await post() == 201)
        #expect(try await api.ask("GET /rooms/general/restrictions").body == "[]")
        #expect(try await api.ask("POST /rooms/general/kick/bob").status == 204)
        #expect(try await api.ask("POST /rooms/general/kick/bob", as: "bob").status == 403)
        await api.close()
    }

    @Test func `a direct room is created once`() async throws {
        let api = try await TestAPI()
        let first = try await api.ask("POST /direct/bob")
        let again = try await api.ask("POST /direct/alice", as: "bob")
        #expect(first.status == 201 && again.status == 200 && first.body == again.body)
        await api.close()
    }
}

extension String {
    /// How often `part` occurs.
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
