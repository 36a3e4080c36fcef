import ChatCore
import ChatTestKit
import HTTPTypes
import Testing

@testable import ChatAPI

/// Lists in pages, each with a link to the next (RFC 8288).
@Suite struct ListPagesTests {
    /// The names of the items on all pages, and how many pages there were.
    private func walk(
        _ api: TestAPI, _ start: String, key: String? = nil, number: String? = nil
    ) async throws -> (names: [String], pages: Int) {
        let mark = key.map { #"{"\#($0)":""# } ?? #"{"\#(number ?? "")":"#

        var (names, pages, next) = ([String](), 0, Optional(start))
        while let path = next {
            let answer = try await api.ask("GET \(path)", as: "root")
            #expect(answer.status == 200)
            names += answer.body.ranges(of: mark).map {
                answer.body[$0.upperBound...].prefix { $0 != "\"" && $0 != "," }.description
            }
            pages += 1
            let link = answer.headers[HTTPField.Name("Link") ?? .cookie]
            if let link { #expect(link.hasPrefix("</api/v1/") && link.hasSuffix(#">; rel="next""#)) }
            next = link.map { $0.dropFirst("</api/v1".count).prefix { $0 != ">" }.description }
        }
        return (names, pages)
    }

    @Test func `rooms come in pages in the order of their names`() async throws {
        let api = try await TestAPI()
        let all = ["a", "b", "c-1", "c.2", "d", "e_"]
        for name in all.shuffled() { _ = try await api.ask("POST /rooms", as: "root", #"{"name":"\#(name)"}"#) }
        _ = try await api.ask("POST /rooms", as: "root", #"{"name":"bb","kind":"private"}"#)
        #expect(try await walk(api, "/rooms?limit=2&kind=public", key: "name") == (all, 3))
        #expect(try await walk(api, "/rooms?limit=6&kind=public", key: "name") == (all, 1))
        #expect(try await walk(api, "/rooms?kind=public", key: "name") == (all, 1))
        #expect(try await walk(api, "/rooms?after=C.2&limit=1000&kind=public", key: "name") == (["d", "e_"], 1))
        await api.close()
    }

    @Test func `hits come in pages that go back`() async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", as: "root", #"{"name":"general"}"#)
        for number in 1...5 {
            _ = try await api.ask("POST /rooms/general/messages", as: "root", #"{"body":"word \#(number)"}"#)
        }
        var (pages, next) = ([[String]](), Optional("/search?q=word+&limit=2"))
        while let path = next {
            let answer = try await api.ask("GET \(path)", as: "root")
            pages.append(
                answer.body.ranges(of: #""body":"word "#).map { String(answer.body[$0.upperBound...].prefix(1)) })
            let link = answer.headers[HTTPField.Name("Link") ?? .cookie]
            next = link.map { $0.dropFirst("</api/v1".count).prefix { $0 != ">" }.description }
        }
        #expect(pages == [["4", "5"], ["2", "3"], ["1"]])
        await api.close()
    }

    @Test func `tokens come in pages in the order of their ids`() async throws {
        let api = try await TestAPI()
        for _ in 1...4 { _ = try await api.ask("POST /users/root/tokens", as: "root") }
        let whole = try await api.ask("GET /users/root/tokens", as: "root").body
        let ids = try await walk(api, "/users/root/tokens?limit=2", number: "id")
        #expect(ids.pages == 3 && ids.names.count == 5)
        #expect(
            whole.ranges(of: #"{"id":"#).map { whole[$0.upperBound...].prefix { $0 != "," }.description } == ids.names)
        await api.close()
    }

    @Test func `members and users come in pages too`() async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", as: "root", #"{"name":"general","members":["alice","bob"]}"#)
        #expect(
            try await walk(api, "/rooms/general/members?limit=1", key: "username") == (["alice", "bob", "root"], 3))
        #expect(try await walk(api, "/rooms/general/members?after=alice", key: "username") == (["bob", "root"], 1))
        let whole = try await api.ask("GET /users", as: "root").body
        let parts = try await [api.ask("GET /users?limit=2", as: "root"), api.ask("GET /users?after=bob", as: "root")]
        #expect(whole == parts[0].body.dropLast() + "," + parts[1].body.dropFirst())
        await api.close()
    }
}
