import ChatCore
import Testing

@testable import ChatPages

/// What administrators do with a mouse, and nobody else.
@Suite struct AdminPagesTests {
    @Test(arguments: [
        "/admin", "/admin/rooms", "/admin/rooms/general", "/admin/audit", "/admin/invitations", "/admin?after=alice",
        "/admin?name=bob", "/admin/audit?actor=root&target=bob",
    ])
    func `administrators see what others may not`(path: String) async throws {
        let pages = try await TestPages()
        #expect(try await pages.ask("GET \(path)", as: "root").status == 200)
        #expect(try await pages.ask("GET \(path)").status == 403)
        #expect(try await pages.ask("GET \(path)", as: nil).status == 303)
        await pages.close()
    }

    @Test func `users are disabled, enabled, promoted and deleted`() async throws {
        let pages = try await TestPages()
        func change(_ act: String, as name: String = "root", _ more: [String: String] = [:]) async throws -> Int {
            try await pages.ask("POST /admin/users/bob", as: name, ["act": act].merging(more) { $1 }).status
        }
        func bob() async throws -> User? { try await pages.node.store.user(named: Username("bob")) }
        #expect(try await change("disable", as: "alice") == 403)
        #expect(try await change("disable") == 303)
        #expect(try await bob()?.isDisabled == true)
        #expect(try await pages.ask("GET /chat", as: "bob").status == 303)
        #expect(try await change("enable") == 303)
        #expect(try await bob()?.isDisabled == false)
        #expect(try await change("promote") == 303)
        #expect(try await bob()?.isAdmin == true)
        #expect(try await change("demote") == 303)
        #expect(try await change("delete") == 400)
        #expect(try await change("explode") == 400)
        #expect(try await change("delete", ["sure": "yes"]) == 303)
        #expect(try await bob() == nil)
        await pages.close()
    }

    @Test func `rooms are changed, and people are moderated in them`() async throws {
        let pages = try await TestPages()
        func act(_ act: String, _ fields: [String: String] = [:], people: Bool = false) async throws -> Int {
            let path = "/admin/rooms/general" + (people ? "/people" : "")
            return try await pages.ask("POST \(path)", as: "root", ["act": act].merging(fields) { $1 }).status
        }
        let root = try await pages.service("root")
        let name = try RoomName("general")
        #expect(try await act("topic", ["topic": "<b>News</b>"]) == 303)
        #expect(try await root.room(named: name).topic == "<b>News</b>")
        #expect(try await pages.ask("GET /admin/rooms", as: "root").body.contains("&lt;b&gt;News"))
        #expect(try await act("archive") == 303)
        #expect(try await root.room(named: name).isArchived)
        #expect(try await act("unarchive") == 303)
        #expect(try await act("mute", ["user": "bob", "minutes": "5", "reason": "loud"], people: true) == 303)
        #expect(try await pages.ask("GET /admin/rooms/general", as: "root").body.contains("loud"))
        #expect(try await pages.ask("POST /chat/room/general", as: "bob", ["body": "hi"]).status == 403)
        #expect(try await act("unmute", ["user": "bob"], people: true) == 303)
        #expect(try await act("ban", ["user": "bob", "minutes": "99999999999"], people: true) == 400)
        #expect(try await act("ban", ["user": "bob"], people: true) == 303)
        #expect(try await pages.ask("GET /chat/room/general", as: "bob").status == 403)
        #expect(try await root.restrictions(in: name).map(\.kind) == [.ban])
        #expect(try await act("delete") == 400)
        #expect(try await act("delete", ["sure": "yes"]) == 303)
        #expect(try await pages.ask("GET /admin/audit", as: "root").body.contains("room.delete"))
        await pages.close()
    }

    @Test func `an invitation that an administrator makes is good`() async throws {
        let pages = try await TestPages(signUp: .closed)
        let made = try await pages.ask("POST /admin/invitations", as: "root", ["uses": "2", "days": "7"])
        let start = try #require(made.body.range(of: #"id="invitation">http://localhost"#))
        let path = String(made.body[start.upperBound...].prefix { $0 != "<" })
        #expect(try await pages.ask("GET \(path)", as: nil).status == 200)
        #expect(try await pages.ask("POST /admin/invitations", as: "root", ["uses": "0", "days": "7"]).status == 400)
        #expect(try await pages.ask("POST /admin/invitations", ["uses": "2", "days": "7"]).status == 403)
        let id = try #require(try await pages.service("root").invitations().first?.id)
        #expect(try await pages.ask("POST /admin/invitations/\(id)/revoke", as: "root", [:]).status == 303)
        #expect(try await pages.ask("GET \(path)", as: nil).status == 404)
        await pages.close()
    }
}
