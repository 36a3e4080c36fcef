import ChatCore
import Testing

@testable import ChatPages

/// One's own account, and what others see of it.
@Suite struct ProfilePagesTests {
    private let hostile = "\"><script>alert(1)</script>\u{600}<b>"

    @Test func `a changed profile is what others see`() async throws {
        let pages = try await TestPages()
        let saved = try await pages.ask("POST /profile/edit", ["display_name": hostile, "bio": hostile])
        #expect(saved.status == 303 && saved.location == "/@alice")
        for (path, name) in [("/@alice", "bob"), ("/profile", "alice"), ("/profile/edit", "alice"), ("/chat", "alice")]
        {
            let page = try await pages.ask("GET \(path)", as: name)
            #expect(page.status == 200 && page.body.contains(HTMLText.escaped(hostile)), "\(path)")
            #expect(!page.body.contains("<script>alert") && !page.body.contains("<b>"), "\(path)")
        }
        #expect(try await pages.ask("GET /@alice", as: "bob").body.contains("Chat with me"))
        #expect(try await !pages.ask("GET /@alice").body.contains("Chat with me"))
        #expect(try await pages.ask("GET /@nobody").status == 404)
        await pages.close()
    }

    @Test func `a profile that is too long is given back`() async throws {
        let pages = try await TestPages()
        let bio = String(repeating: "y", count: Limits.bioCharacters + 1)
        let answer = try await pages.ask("POST /profile/edit", ["display_name": "A", "bio": bio])
        #expect(answer.status == 400 && answer.body.contains(bio))
        await pages.close()
    }

    @Test func `a new password needs the present one and ends the other sessions`() async throws {
        let pages = try await TestPages()
        let other = try #require(
            try await pages.send("/login", ["username": "alice", "password": TestPages.password]).cookie)
        let wrong = try await pages.ask("POST /profile/password", ["present": "wrong", "new": "another phrase"])
        #expect(wrong.status == 403 && wrong.body.contains("The present password is wrong."))
        let short = try await pages.ask("POST /profile/password", ["present": TestPages.password, "new": "short"])
        #expect(short.status == 400)
        let done = try await pages.ask(
            "POST /profile/password", ["present": TestPages.password, "new": "another phrase"])
        #expect(done.status == 303 && done.location == "/profile")
        #expect(try await pages.ask("GET /profile", as: nil, cookie: done.cookie).status == 200)
        #expect(try await pages.ask("GET /profile", as: nil, cookie: other).status == 303)
        #expect(try await pages.ask("GET /profile").status == 303)
        #expect(try await pages.send("/login", ["username": "alice", "password": "another phrase"]).status == 303)
        await pages.close()
    }

    @Test func `a token is made, shown once and revoked`() async throws {
        let pages = try await TestPages()
        let made = try await pages.ask("POST /profile/tokens", ["label": hostile, "days": "7"])
        let start = try #require(made.body.range(of: #"id="token">"#))
        let secret = made.body[start.upperBound...].prefix { $0 != "<" }
        let user = try await pages.node.chat.authenticate(token: String(secret)).user
        #expect(made.status == 200 && user.username.text == "alice")
        let list = try await pages.ask("GET /profile").body
        #expect(list.contains(HTMLText.escaped(hostile)) && !list.contains(secret))
        let token = try await pages.service("alice").tokens(of: Username("alice")).first { $0.kind == .access }
        let id = try #require(token?.id)
        #expect(try await pages.ask("POST /profile/tokens/\(id)/revoke", as: "bob", [:]).status == 404)
        #expect(try await pages.ask("POST /profile/tokens/\(id)/revoke", [:]).status == 303)
        await #expect(throws: ChatError.self) { try await pages.node.chat.authenticate(token: String(secret)) }
        for days in ["x", "0", "-1", "99999", "9223372036854775807"] {
            #expect(try await pages.ask("POST /profile/tokens", ["label": "", "days": days]).status == 400)
        }
        await pages.close()
    }

    @Test func `an account is deleted by its owner, who knows the password`() async throws {
        let pages = try await TestPages()
        #expect(try await pages.ask("POST /profile/delete", ["password": "wrong"]).status == 403)
        let done = try await pages.ask("POST /profile/delete", ["password": TestPages.password])
        #expect(done.status == 303 && done.location == "/")
        #expect(try await pages.ask("GET /profile").status == 303)
        #expect(try await pages.ask("GET /@alice", as: "bob").status == 404)
        #expect(try await pages.ask("POST /profile/delete", as: "root", ["password": TestPages.password]).status == 403)
        await pages.close()
    }

    @Test func `a picture is taken for what it is, and not for what it is called`() async throws {
        let pages = try await TestPages()
        func upload(_ picture: [UInt8], csrf: String? = nil) async throws -> Int {
            try await pages.upload("/profile/picture", file: picture, csrf: csrf).status
        }
        let png: [UInt8] =
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
            + Array(repeating: 0xc3, count: 40)
        #expect(try await upload(png, csrf: "wrong") == 403)
        #expect(try await upload(Array("<svg onload=alert(1)>".utf8)) == 400)
        #expect(try await upload([]) == 400)
        #expect(try await upload(png + Array(repeating: 0, count: Limits.avatarBytes)) == 413)
        #expect(try await upload(png) == 303)
        let shown = try await pages.ask("GET /avatars/alice", as: "bob")
        #expect(shown.headers[.contentType] == "image/png" && shown.headers[.xContentTypeOptions] == "nosniff")
        #expect(shown.headers[.contentSecurityPolicy] == "default-src 'none'; sandbox")
        #expect(try await pages.service("bob").avatar(of: Username("alice"))?.bytes == png)
        try await pages.service("alice").setOwnAvatar(nil)
        #expect(try await pages.ask("GET /avatars/alice").headers[.contentType] == "image/svg+xml")
        await pages.close()
    }

    @Test func `everybody has a picture that can do no harm`() async throws {
        let pages = try await TestPages()
        let answer = try await pages.ask("GET /avatars/bob")
        #expect(answer.status == 200 && answer.headers[.contentType] == "image/svg+xml")
        #expect(answer.headers[.contentSecurityPolicy] == "default-src 'none'; sandbox")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff" && answer.body.contains(">B</text>"))
        #expect(try await pages.ask("GET /avatars/bob", as: nil).status == 401)
        await pages.close()
    }
}
