import ChatCore
import HTTPTypes
import Testing

@testable import ChatPages

/// Log-in and log-out with forms.
@Suite struct SessionPagesTests {
    private func wish(_ name: String, _ password: String = TestPages.password, next: String? = nil) -> [String: String]
    {
        var fields = ["username": name, "password": password]
        fields["next"] = next
        return fields
    }

    @Test(arguments: [false, true])
    func `a log-in opens a session that the next page knows`(usesTLS: Bool) async throws {
        let pages = try await TestPages(usesTLS: usesTLS)
        let answer = try await pages.send("/login", wish(" Alice "))
        #expect(answer.status == 303 && answer.location == "/chat")
        let cookie = try #require(answer.headers[.setCookie])
        #expect(cookie.hasPrefix(usesTLS ? "__Host-chatctl_session=" : "chatctl_session="))
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] { #expect(cookie.contains(part)) }
        #expect(cookie.contains("Secure") == usesTLS)
        let page = try await pages.ask("GET /chat", as: nil, cookie: answer.cookie)
        #expect(page.status == 200 && page.body.contains("alice"))
        await pages.close()
    }

    @Test(arguments: [("alice", "wrong"), ("nobody", TestPages.password), ("a b", "x"), ("", "")])
    func `a log-in that fails says the same whatever was wrong`(name: String, password: String) async throws {
        let pages = try await TestPages()
        let answer = try await pages.send("/login", wish(name, password))
        #expect(answer.status == 403 && !answer.headers[values: .setCookie].contains { $0.contains("session") })
        #expect(answer.body.contains("The username or the password is wrong."))
        await pages.close()
    }

    @Test(arguments: [
        ("/@bob", "/@bob"), ("//evil.example", "/chat"), ("https://evil.example", "/chat"), ("/\\evil", "/chat"),
    ])
    func `a log-in leads back to where it was asked for, and to no other host`(next: String, to: String) async throws {
        let pages = try await TestPages()
        #expect(try await pages.send("/login", wish("alice", next: next)).location == to)
        await pages.close()
    }

    @Test func `pages ask those to log in who are not`() async throws {
        let pages = try await TestPages()
        #expect(try await pages.ask("GET /chat", as: nil).location == "/login")
        #expect(try await pages.ask("GET /@bob?x=1", as: nil).location == "/login?next=%2F%40bob%3Fx%3D1")
        #expect(try await pages.ask("POST /chat/start/bob", as: nil, ["csrf": "x"]).location == "/login")
        await pages.close()
    }

    @Test func `a form that no page of this browser sent logs nobody in`() async throws {
        let pages = try await TestPages()
        let page = try await pages.ask("GET /login", as: nil)
        var fields = wish("alice")
        fields["csrf"] = page.csrf
        #expect(try await pages.ask("POST /login", as: nil, fields).status == 403)
        fields["csrf"] = "wrong"
        #expect(try await pages.ask("POST /login", as: nil, fields, cookie: page.cookie).status == 403)
        await pages.close()
    }

    @Test func `a log-in ends the session that the browser had`() async throws {
        let pages = try await TestPages()
        let first = try #require(try await pages.send("/login", wish("alice")).cookie)
        let second = try await pages.send("/login", wish("bob"), cookie: first)
        #expect(second.status == 303 && second.cookie != first)
        #expect(try await pages.ask("GET /profile", as: nil, cookie: first).status == 303)
        await pages.close()
    }

    @Test func `log-out ends the session`() async throws {
        let pages = try await TestPages()
        #expect(try await pages.ask("POST /logout", ["csrf": "wrong"]).status == 403)
        #expect(try await pages.ask("GET /profile").status == 200)
        let answer = try await pages.ask("POST /logout", [:])
        #expect(answer.status == 303 && answer.headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(try await pages.ask("GET /profile").status == 303)
        await pages.close()
    }

    @Test func `too many guesses are answered with 429`() async throws {
        let pages = try await TestPages()
        for _ in 0..<Limits.loginAttempts { _ = try await pages.send("/login", wish("alice", "wrong")) }
        let answer = try await pages.send("/login", wish("alice"))
        #expect(answer.status == 429 && answer.location == nil)
        await pages.close()
    }

    @Test(arguments: ["/", "/login", "/signup", "/chat", "/@bob", "/nothing", "/profile"])
    func `every page has the security headers`(path: String) async throws {
        let pages = try await TestPages()
        for name in [nil, "alice"] {
            let answer = try await pages.ask("GET \(path)", as: name)
            let policy = try #require(answer.headers[.contentSecurityPolicy])
            for part in [
                "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
                "form-action 'self'", "require-trusted-types-for 'script'",
            ] { #expect(policy.contains(part)) }
            #expect(!policy.contains("unsafe"))
            #expect(answer.headers[.xContentTypeOptions] == "nosniff" && answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[HTTPField.Name("Referrer-Policy")!] == "no-referrer")
            #expect(answer.headers[HTTPField.Name("Cross-Origin-Opener-Policy")!] == "same-origin")
        }
        await pages.close()
    }

    @Test func `a path of nobody is a page for people and a document for programs`() async throws {
        let pages = try await TestPages()
        let page = try await pages.ask("GET /nothing")
        #expect(page.status == 404 && page.body.contains("<h1>There is nothing here</h1>"))
        let document = try await pages.ask("GET /nothing", headers: ["Accept": "application/json"])
        #expect(document.status == 404 && document.body.hasPrefix("{"))
        await pages.close()
    }
}
