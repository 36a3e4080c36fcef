import ChatCore
import Testing

@testable import ChatPages

/// Reading and posting without a script.
@Suite struct ChatRoomPagesTests {
    private let hostile = "</p><script>alert(1)</script>\"'\u{301}\u{600}<img src=x onerror=alert(2)>"

    @Test func `a posted message stands on the page, whatever is in it`() async throws {
        let pages = try await TestPages()
        let posted = try await pages.ask("POST /chat/room/general", ["body": hostile])
        #expect(posted.status == 303 && posted.location == "/chat/room/general#end")
        let page = try await pages.ask("GET /chat/room/general", as: "bob")
        #expect(page.status == 200 && page.body.contains(HTMLText.escaped(hostile)))
        #expect(!page.body.contains("<img src=x") && !page.body.contains("<script>alert"))
        await pages.close()
    }

    @Test func `the lines of a posted message end as they were typed`() async throws {
        let pages = try await TestPages()
        _ = try await pages.ask("POST /chat/room/general", ["body": "one\r\ntwo\n\rthree\r\r\n"])
        let message = try await pages.service("alice").message(in: RoomName("general"), seq: 1)
        #expect(message.body.text == "one\ntwo\n\nthree\n\n")
        await pages.close()
    }

    @Test(arguments: ["", "   ", String(repeating: "x", count: Limits.bodyBytes + 1)])
    func `a refused message is given back with the reason`(body: String) async throws {
        let pages = try await TestPages()
        let answer = try await pages.ask("POST /chat/room/general", ["body": body])
        #expect(answer.status == 400 && (body.isEmpty || answer.body.contains(body)))
        #expect(try await pages.service("alice").log(of: RoomName("general")).lastSeq == 0)
        await pages.close()
    }

    @Test func `a form without the session's token posts nothing`() async throws {
        let pages = try await TestPages()
        #expect(try await pages.ask("POST /chat/room/general", ["body": "hi", "csrf": "wrong"]).status == 403)
        #expect(try await pages.ask("POST /chat/room/general", ["body": "hi", "csrf": ""]).status == 403)
        #expect(try await pages.service("alice").log(of: RoomName("general")).lastSeq == 0)
        await pages.close()
    }

    @Test func `older messages are a page back`() async throws {
        let pages = try await TestPages()
        let bodies = try (1...120).map { try MessageBody("message number \($0).") }
        try await pages.service("root").send(all: bodies, to: RoomName("general"))
        let newest = try await pages.ask("GET /chat")
        #expect(newest.body.contains("number 120.") && newest.body.contains("number 71."))
        #expect(!newest.body.contains("number 70.") && newest.body.contains("before=71"))
        let older = try await pages.ask("GET /chat/room/general?before=71")
        #expect(older.body.contains("number 70.") && older.body.contains("number 21."))
        #expect(!older.body.contains("number 71.") && !older.body.contains("number 20."))
        await pages.close()
    }

    @Test func `a private room and a pair's room exist for their members only`() async throws {
        let pages = try await TestPages()
        let root = try await pages.service("root")
        _ = try await root.createRoom(
            NewRoom(name: RoomName("plans"), isPrivate: true, topic: "Secret", members: [Username("bob")]))
        #expect(try await pages.ask("GET /chat/room/plans", as: "bob").status == 200)
        let stranger = try await pages.ask("GET /chat/room/plans")
        #expect(stranger.status == 403 && !stranger.body.contains("Secret"))
        #expect(try await pages.ask("POST /chat/room/plans", ["body": "hi"]).status == 403)
        let started = try await pages.ask("POST /chat/start/bob", [:])
        let path = try #require(started.location)
        #expect(started.status == 303 && path.hasPrefix("/chat/room/direct-"))
        #expect(try await pages.ask("POST /chat/start/alice", as: "bob", [:]).location == path)
        #expect(try await pages.ask("GET \(path)", as: "bob").status == 200)
        #expect(try await pages.ask("GET \(path)", as: "root").status == 403)
        #expect(try await pages.ask("POST /chat/start/nobody", [:]).status == 404)
        await pages.close()
    }

    @Test func `without a general room the chat opens the newest one`() async throws {
        let pages = try await TestPages()
        let root = try await pages.service("root")
        try await root.deleteRoom(RoomName("general"))
        #expect(try await pages.ask("GET /chat").status == 404)
        _ = try await root.createRoom(NewRoom(name: RoomName("tea"), isPrivate: false, topic: "", members: []))
        let page = try await pages.ask("GET /chat")
        #expect(page.status == 200 && page.body.contains("tea"))
        await pages.close()
    }

    @Test func `unread messages of other rooms are counted`() async throws {
        let pages = try await TestPages()
        let alice = try await pages.service("alice")
        let room = try await alice.directRoom(Username("alice"), Username("bob")).room
        let bodies = try ["one", "two", "three"].map { try MessageBody($0) }
        try await pages.service("bob").send(all: bodies, to: room.name)
        let found = try await alice.conversations()
        #expect(found.first?.room.id == room.id && found.first?.unread == 3)
        #expect(found.first?.seat?.peer?.username == (try Username("bob")))
        #expect(try await pages.service("bob").conversations().map(\.room.name.text).contains("general"))
        await pages.close()
    }
}
