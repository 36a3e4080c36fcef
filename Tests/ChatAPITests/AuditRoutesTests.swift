import HTTPTypes
import Testing

@testable import ChatAPI

/// The audit log over HTTP, and the deletion of all messages of an author, which it tells of.
@Suite struct AuditRoutesTests {
    private func numbers(_ answer: TestAPI.Answer) -> [Int] {
        answer.body.ranges(of: #"{"id":"#).compactMap { range in
            Int(answer.body[range.upperBound...].prefix { $0.isNumber })
        }
    }

    private func next(_ answer: TestAPI.Answer) -> String? {
        answer.headers[HTTPField.Name("Link") ?? .cookie]
            .map { $0.dropFirst("</api/v1".count).prefix { $0 != ">" }.description }
    }

    @Test func `acts come in pages from either end`() async throws {
        let api = try await TestAPI()
        for name in ["a", "b", "c"] { _ = try await api.ask("POST /rooms", as: "root", #"{"name":"\#(name)"}"#) }
        let path = "GET /audit?target=b"
        let one = try await api.ask(path, as: "root")
        #expect(one.status == 200 && one.body.contains(#""actor":"root","action":"room.create","target":"b""#))
        let all = try await numbers(api.ask("GET /audit", as: "root"))
        var (seen, page) = ([Int](), try await api.ask("GET /audit?limit=2", as: "root"))
        while true {
            seen += numbers(page)
            guard let following = next(page) else { break }
            page = try await api.ask("GET \(following)", as: "root")
        }
        #expect(all.count > 3 && seen == all)
        let newest = try await api.ask("GET /audit?before=\(Int64.max)&limit=2", as: "root")
        #expect(numbers(newest) == all.suffix(2))
        let older = try await api.ask("GET \(next(newest) ?? "")", as: "root")
        #expect(numbers(older) == all.dropLast(2).suffix(2))
        await api.close()
    }

    @Test(arguments: ["before=1&after=1", "since=yesterday", "limit=0", "actor=%00", "who=root"])
    func `what is no question to the log is refused`(query: String) async throws {
        let api = try await TestAPI()
        let answer = try await api.ask("GET /audit?\(query)", as: "root")
        #expect(answer.status == 400 && answer.code == "invalid_input", "\(answer.body)")
        await api.close()
    }

    @Test func `it is for administrators`() async throws {
        let api = try await TestAPI()
        #expect(try await api.ask("GET /audit").code == "not_allowed")
        #expect(try await api.ask("GET /audit", as: nil).status == 401)
        await api.close()
    }

    @Test func `the messages of an author are deleted part by part`() async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", as: "root", #"{"name":"general"}"#)
        for _ in 1...3 { _ = try await api.ask("POST /rooms/general/messages", as: "bob", #"{"body":"x"}"#) }
        #expect(try await api.ask("DELETE /messages?author=bob").code == "not_allowed")
        #expect(try await api.ask("DELETE /messages?author=bob&room=general").code == "not_allowed")
        let answer = try await api.ask("DELETE /messages?author=bob&room=general&after=1", as: "root")
        #expect(answer.status == 200 && answer.body == #"{"deleted":2,"next":null}"#)
        #expect(try await api.ask("DELETE /messages?author=bob", as: "root").body == #"{"deleted":1,"next":null}"#)
        #expect(try await api.ask("DELETE /messages?author=nobody", as: "root").code == "user_not_found")
        #expect(try await api.ask("DELETE /messages", as: "root").code == "invalid_input")
        #expect(try await api.ask("DELETE /messages?author=bob&since=1h", as: "root").code == "invalid_input")
        await api.close()
    }
}
