import ChatTestKit
import Testing

@testable import ChatAPI

/// Methods, paths and queries as RFC 9110 has them, whatever the route.
@Suite struct RouterTests {
    @Test(arguments: [
        ("PUT /rooms", "GET, HEAD, POST, OPTIONS"), ("GET /login", "POST, OPTIONS"),
        ("POST /rooms/general", "GET, HEAD, PATCH, DELETE, OPTIONS"), ("TRACE /me", "GET, HEAD, OPTIONS"),
        ("DELETE /health/live", "GET, HEAD, OPTIONS"), ("PROPFIND /users", "GET, HEAD, POST, OPTIONS"),
    ])
    func `a wrong method on a known path is told the right ones`(line: String, methods: String) async throws {
        let api = try await TestAPI()
        for name in ["alice", nil] {
            let answer = try await api.ask(line, as: name)
            #expect(answer.status == 405 && answer.code == "method_not_allowed")
            #expect(answer.headers[.allow] == methods)
        }
        await api.close()
    }

    @Test func `OPTIONS says what there is, to anyone`() async throws {
        let api = try await TestAPI()
        let answer = try await api.ask("OPTIONS /rooms/general/messages", as: nil)
        #expect(answer.status == 204 && answer.body.isEmpty)
        #expect(answer.headers[.allow] == "GET, HEAD, POST, OPTIONS")
        let all = try await api.ask("OPTIONS *", as: nil)
        #expect(all.status == 204 && all.headers[.allow] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        #expect(try await api.ask("OPTIONS /nowhere", as: nil).status == 404)
        await api.close()
    }

    @Test(arguments: ["/me", "/rooms", "/users/alice", "/health/live", "/openapi.json", "/users", "/rooms/nowhere"])
    func `HEAD answers like GET, without a body`(path: String) async throws {
        let api = try await TestAPI()
        let (get, head) = (try await api.ask("GET \(path)"), try await api.ask("HEAD \(path)"))
        #expect(head.status == get.status && head.headers == get.headers && head.body.isEmpty && !get.body.isEmpty)
        await api.close()
    }

    @Test(arguments: ["GET /me?x=1", "GET /rooms?Kind=public", "GET /rooms?kind=public&kind=public", "GET /me?%ff"])
    func `a query that means nothing is refused`(line: String) async throws {
        let api = try await TestAPI()
        #expect(try await api.ask(line).code == "invalid_input")
        await api.close()
    }

    @Test func `a health check may carry any query`() async throws {
        let api = try await TestAPI()
        #expect(try await api.ask("GET /health/live?from=balancer&%ff", as: nil).status == 200)
        await api.close()
    }

    @Test func `a path is decoded once, and one that cannot be is refused`() async throws {
        let api = try await TestAPI()
        #expect(try await api.ask("GET /users/%61lice").status == 200)
        #expect(try await api.ask("GET /users/%2561lice").status == 404)
        #expect(try await api.ask("GET /users/%ff").code == "invalid_input")
        #expect(try await api.ask("GET /users/alice/").status == 200)
        #expect(try await api.ask("GET /users//alice").status == 404)
        await api.close()
    }
}
