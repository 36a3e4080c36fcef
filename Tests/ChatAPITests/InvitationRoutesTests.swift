import ChatCore
import Testing

@testable import ChatAPI

/// Invitations over HTTP.
@Suite struct InvitationRoutesTests {
    @Test func `an administrator makes, lists and revokes invitations, others do not`() async throws {
        let api = try await TestAPI()
        #expect(try await api.ask("POST /invitations", "{}").status == 403)
        #expect(try await api.ask("GET /invitations").status == 403)
        #expect(try await api.ask("DELETE /invitations/1").status == 403)
        let made = try await api.ask("POST /invitations", as: "root", #"{"uses":3,"life_ms":60000}"#)
        #expect(made.status == 201 && made.body.contains(#""uses":3,"used":0,"by":"root""#))
        let start = try #require(made.body.range(of: #""code":""#))
        let code = made.body[start.upperBound...].prefix { $0 != "\"" }
        #expect(try await api.node.chat.isValid(code: String(code)))
        let list = try await api.ask("GET /invitations", as: "root")
        #expect(list.status == 200 && list.body.contains(#""uses":3"#) && !list.body.contains(code))
        #expect(try await api.ask("DELETE /invitations/1", as: "root").status == 204)
        #expect(try await api.ask("DELETE /invitations/1", as: "root").status == 404)
        #expect(try await !api.node.chat.isValid(code: String(code)))
        await api.close()
    }

    @Test(arguments: [#"{"uses":0}"#, #"{"uses":10001}"#, #"{"uses":"1"}"#, #"{"life_ms":1}"#, #"{"use":1}"#])
    func `what is out of range is refused`(body: String) async throws {
        let api = try await TestAPI()
        #expect(try await api.ask("POST /invitations", as: "root", body).code == "invalid_input")
        await api.close()
    }
}
