import ChatCore
import Testing

@testable import ChatPages

/// Making accounts.
@Suite struct SignUpPagesTests {
    private func wish(_ name: String, _ password: String = TestPages.password) -> [String: String] {
        ["username": name, "password": password, "display_name": "Carol <3"]
    }

    private func user(_ name: String, _ pages: TestPages) async throws -> User? {
        try await pages.node.store.user(named: Username(name))
    }

    @Test func `a sign-up makes an account and a session`() async throws {
        let pages = try await TestPages()
        let answer = try await pages.send("/signup", wish("Carol"))
        #expect(answer.status == 303 && answer.location == "/chat")
        #expect(try await user("carol", pages)?.displayName == "Carol <3")
        #expect(try await user("carol", pages)?.isAdmin == false)
        #expect(try await pages.ask("GET /profile", as: nil, cookie: answer.cookie).body.contains("Carol &lt;3"))
        await pages.close()
    }

    @Test(arguments: [("alice", TestPages.password, 409), ("a b", TestPages.password, 400), ("carol", "short", 400)])
    func `a sign-up that cannot be is given back with the reason`(
        name: String, password: String, status: Int
    ) async throws {
        let pages = try await TestPages()
        let answer = try await pages.send("/signup", wish(name, password))
        #expect(answer.status == status && answer.body.contains(#"role="alert""#))
        #expect(answer.body.contains(#"value="\#(name)""#) && !answer.body.contains(password))
        await pages.close()
    }

    @Test func `where sign-up is closed only an invitation helps, as often as it says`() async throws {
        let pages = try await TestPages(signUp: .closed)
        #expect(try await pages.ask("GET /signup", as: nil).status == 403)
        #expect(try await pages.ask("POST /signup", as: nil, wish("carol")).status == 403)
        let code = try await pages.service("root").createInvitation(uses: 1, life: .seconds(60)).code
        #expect(try await pages.send("/join/\(code)", wish("alice")).status == 409)
        #expect(try await pages.send("/join/\(code)", wish("carol")).location == "/chat")
        #expect(try await pages.ask("GET /join/\(code)", as: nil).status == 404)
        #expect(try await pages.ask("GET /join/wrong", as: nil).status == 404)
        #expect(try await pages.service("root").invitations().map(\.used) == [1])
        await pages.close()
    }

    @Test func `an invitation ends`() async throws {
        let pages = try await TestPages(signUp: .closed)
        let root = try await pages.service("root")
        let ended = try await root.createInvitation(uses: 5, life: .seconds(60))
        let revoked = try await root.createInvitation(uses: 5, life: nil)
        #expect(try await pages.ask("GET /join/\(ended.code)", as: nil).status == 200)
        pages.node.clock.advance(by: .seconds(61))
        try await root.revokeInvitation(revoked.invitation.id)
        for code in [ended.code, revoked.code] {
            #expect(try await pages.ask("GET /join/\(code)", as: nil).status == 404)
        }
        await pages.close()
    }

    @Test func `the first account is an administrator's, and is made once`() async throws {
        let pages = try await TestPages(signUp: .closed, isNew: true)
        let code = try #require(try await pages.node.chat.firstRunCode())
        #expect(try await pages.ask("GET /join/\(code)", as: nil).body.contains("no administrator yet"))
        #expect(try await pages.send("/join/\(code)", wish("boss", "short")).status == 400)
        #expect(try await pages.send("/join/\(code)", wish("boss")).location == "/chat")
        #expect(try await user("boss", pages)?.isAdmin == true)
        #expect(try await pages.ask("GET /join/\(code)", as: nil).status == 404)
        #expect(try await pages.node.chat.firstRunCode() == nil)
        await pages.close()
    }

    @Test func `sign-ups from one address are counted`() async throws {
        let pages = try await TestPages()
        for number in 0..<Limits.signUpsPerMinute {
            #expect(try await pages.send("/signup", wish("new\(number)")).status == 303)
        }
        #expect(try await pages.send("/signup", wish("one-more")).status == 429)
        pages.node.clock.advance(by: .seconds(61))
        #expect(try await pages.send("/signup", wish("one-more")).status == 303)
        await pages.close()
    }
}
