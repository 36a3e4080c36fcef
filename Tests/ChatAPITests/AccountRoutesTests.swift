import ChatCore
import ChatHTTP
import ChatTestKit
import Testing

@testable import ChatAPI

/// Who is let in and by what, and how accounts and tokens are read.
@Suite struct AccountRoutesTests {
    private let password = #"{"username":"alice","password":"long enough"}"#

    /// The session cookie and the CSRF token of a log-in.
    private func logIn(_ api: TestAPI) async throws -> (cookie: String, csrf: String) {
        let answer = try await api.ask("POST /login", as: nil, password)
        let cookie = try #require(answer.headers[.setCookie]).prefix { $0 != ";" }
        let token = cookie.drop { $0 != "=" }.dropFirst()
        return (String(cookie), api.node.chat.csrfToken(of: String(token)))
    }

    // MARK: Who asks

    @Test(arguments: [
        "GET /me", "GET /rooms", "POST /rooms", "GET /search?q=x", "GET /users/alice", "POST /logout",
        "GET /rooms/general/messages", "PUT /rooms/general/bans/bob",
    ])
    func `without a proof nothing is told, and a wrong one is none`(line: String) async throws {
        let api = try await TestAPI()
        for headers in [[:], ["Authorization": "Bearer wrong"], ["Cookie": "chatctl_session=wrong"]] {
            let answer = try await api.ask(line, as: nil, #"{"name":"new"}"#, headers: headers)
            #expect(answer.status == 401 && answer.code == "unauthenticated")
            #expect(answer.headers[.wwwAuthenticate] == "Bearer")
        }
        await api.close()
    }

    @Test func `a cookie reads alone, and writes with the page's token`() async throws {
        let api = try await TestAPI()
        let (cookie, csrf) = try await logIn(api)
        func ask(_ line: String, _ body: String = "", csrf: String? = nil) async throws -> Int {
            var headers = ["Cookie": cookie]
            headers["X-CSRF-Token"] = csrf
            return try await api.ask(line, as: nil, body, headers: headers).status
        }
        #expect(try await ask("GET /me") == 200)
        #expect(try await ask("POST /rooms", #"{"name":"general"}"#) == 403)
        #expect(try await ask("POST /rooms", #"{"name":"general"}"#, csrf: "wrong") == 403)
        #expect(try await ask("POST /rooms", #"{"name":"general"}"#, csrf: csrf) == 201)
        #expect(try await ask("POST /logout", csrf: csrf) == 204)
        #expect(try await ask("GET /me") == 401)
        await api.close()
    }

    @Test(arguments: [true, false])
    func `a log-in answers with a token and a cookie that scripts cannot read`(usesTLS: Bool) async throws {
        let api = try await TestAPI(usesTLS: usesTLS)
        let answer = try await api.ask("POST /login", as: nil, password)
        let cookie = try #require(answer.headers[.setCookie])
        #expect(answer.status == 200 && answer.body.contains(#""csrf_token":"csrf-"#))
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=2592000"))
        #expect(cookie.contains("Secure") == usesTLS && cookie.hasPrefix("__Host-chatctl_session=") == usesTLS)
        await api.close()
    }

    @Test(arguments: [
        (#"{"username":"alice","password":"wrong"}"#, 401), (#"{"username":"a b","password":"x"}"#, 401),
        (#"{"username":"nobody","password":"long enough"}"#, 401), (#"{"username":"alice"}"#, 400), ("{}", 400),
        ("", 400), ("[", 400),
    ])
    func `a log-in that fails says no more than it must`(body: String, status: Int) async throws {
        let api = try await TestAPI()
        let answer = try await api.ask("POST /login", as: nil, body)
        #expect(answer.status == status)
        #expect(answer.headers[.setCookie] == nil)
        await api.close()
    }

    @Test func `an ended session's cookie does not stand in the way of a log-in`() async throws {
        let api = try await TestAPI()
        let headers = ["Cookie": "chatctl_session=ended"]
        #expect(try await api.ask("POST /login", as: nil, password, headers: headers).status == 200)
        await api.close()
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", ""])
    func `what a page of any origin can send sets no cookie`(type: String) async throws {
        let api = try await TestAPI()
        let answer = try await api.ask("POST /login", as: nil, password, headers: ["Content-Type": type])
        #expect(answer.status == 200 && answer.headers[.setCookie] == nil)
        await api.close()
    }

    // MARK: Users

    @Test(arguments: [
        ("POST /users", #"{"username":"new","role":"king"}"#, "invalid_input"),
        ("POST /users", #"{"username":"a b"}"#, "invalid_input"), ("POST /users", "{}", "invalid_input"),
        ("POST /users", #"{"username":"new","password":"short"}"#, "invalid_input"),
        ("POST /users", #"{"username":"alice"}"#, "already_exists"),
        ("PATCH /users/alice", #"{"display_name":7}"#, "invalid_input"),
        ("PATCH /users/alice", #"{"disabled":"no"}"#, "invalid_input"),
        ("PATCH /users/alice", "", "invalid_input"), ("PATCH /users/alice", "{}", "invalid_input"),
        ("PATCH /users/alice", #"{"bio":null}"#, "invalid_input"),
        ("PATCH /users/alice", #"{"bio":"x","displayname":"A"}"#, "invalid_input"),
        ("GET /users?limit=0", "", "invalid_input"), ("GET /users?limit=1001", "", "invalid_input"),
        ("GET /users?limt=5", "", "invalid_input"), ("GET /users?after=a%20b", "", "invalid_input"),
        ("POST /users/root/tokens", #"{"life_ms":9223372036854775808}"#, "invalid_input"),
        ("POST /users/root/tokens", #"{"life_ms":1000,"life_ms":60000}"#, "invalid_json"),
        ("PATCH /users/alice", #"{"role":"king"}"#, "invalid_input"),
        ("PATCH /users/root", #"{"role":"user"}"#, "not_allowed"),
        ("PATCH /users/nobody", #"{"bio":""}"#, "user_not_found"), ("GET /users/a%20b", "", "user_not_found"),
        ("DELETE /users/nobody", "", "user_not_found"),
        ("POST /users/root/tokens", #"{"life_ms":"1"}"#, "invalid_input"),
        ("POST /users/root/tokens", #"{"life_ms":999}"#, "invalid_input"),
        ("POST /users/root/tokens", #"{"life_ms":9223372036854775807}"#, "invalid_input"),
        ("POST /users/root/tokens", #"{"label":7}"#, "invalid_input"),
        ("DELETE /users/alice/tokens/x", "", "not_found"),
        ("DELETE /users/alice/tokens/999", "", "token_not_found"),
    ])
    func `what cannot be read is refused with its code`(line: String, body: String, code: String) async throws {
        let api = try await TestAPI()
        let answer = try await api.ask(line, as: "root", body)
        #expect(answer.code == code, "\(answer.status) \(answer.body)")
        await api.close()
    }

    @Test func `an administrator makes, changes and deletes an account, others do not`() async throws {
        let api = try await TestAPI()
        let new = #"{"username":"carol","display_name":"Carol","role":"admin"}"#
        #expect(try await api.ask("POST /users", new).status == 403)
        let made = try await api.ask("POST /users", as: "root", new)
        #expect(made.status == 201 && made.body.contains(#""role":"admin""#))
        #expect(try await api.ask("GET /users").status == 403)
        #expect(try await api.ask("GET /users", as: "root").body.contains("carol"))
        #expect(try await api.ask("PATCH /users/carol", as: "root", #"{"disabled":true}"#).status == 200)
        #expect(try await api.ask("DELETE /users/carol", as: "root").status == 204)
        #expect(try await api.ask("GET /users/carol").status == 404)
        #expect(try await api.ask("PATCH /users/alice", #"{"role":"admin"}"#).status == 403)
        let promoted = try await api.ask("PATCH /users/alice", as: "root", #"{"role":"admin"}"#)
        #expect(promoted.status == 200 && promoted.body.contains(#""role":"admin""#))
        #expect(try await api.ask("PATCH /users/alice", #"{"display_name":"A"}"#).body.contains(#""A""#))
        await api.close()
    }

    @Test func `a token is made, used, listed and revoked`() async throws {
        let api = try await TestAPI()
        let made = try await api.ask("POST /users/alice/tokens", #"{"label":"robot","life_ms":60000}"#)
        let start = try #require(made.body.range(of: #""token":""#))
        let secret = made.body[start.upperBound...].prefix { $0 != "\"" }
        let headers = ["Authorization": "bearer \(secret)"]
        #expect(made.status == 201)
        #expect(try await api.ask("GET /me", as: nil, headers: headers).status == 200)
        let list = try await api.ask("GET /users/alice/tokens")
        #expect(list.body.contains("robot") && !list.body.contains(secret))
        api.node.clock.advance(by: .seconds(60))
        #expect(try await api.ask("GET /me", as: nil, headers: headers).status == 401)
        await api.close()
    }

    // MARK: Health

    @Test func `health needs no proof`() async throws {
        let api = try await TestAPI()
        #expect(try await api.ask("GET /health/live", as: nil).body == #"{"status":"live"}"#)
        #expect(try await api.ask("GET /health/ready", as: nil).body == #"{"status":"ready"}"#)
        await api.close()
    }
}
