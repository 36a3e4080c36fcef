import ChatCore
import ChatTestKit
import Testing

@testable import ChatAPI

/// How history, posting, deletion and search read what they are sent.
@Suite struct MessageRoutesTests {
    /// `general` with sixty messages, a second apart.
    private func makeAPI() async throws -> TestAPI {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", as: "root", #"{"name":"general"}"#)
        for number in 1...60 {
            _ = try await api.ask("POST /rooms/general/messages", as: "root", #"{"body":"m\#(number)"}"#)
            api.node.clock.advance(by: .seconds(1))
        }
        return api
    }

    private func seqs(_ answer: TestAPI.Answer) -> [Int] {
        answer.body.ranges(of: #""seq":"#).compactMap { range in
            Int(answer.body[range.upperBound...].prefix { $0.isNumber })
        }
    }

    @Test func `a page is the newest fifty, or what the query asks for`() async throws {
        let api = try await makeAPI()
        let path = "GET /rooms/general/messages"
        #expect(try await seqs(api.ask(path)) == Array(11...60))
        #expect(try await seqs(api.ask("\(path)?limit=3")) == [58, 59, 60])
        #expect(try await seqs(api.ask("\(path)?limit=200")) == Array(1...60))
        #expect(try await seqs(api.ask("\(path)?before=4")) == [1, 2, 3])
        #expect(try await seqs(api.ask("\(path)?before=0")) == [])
        #expect(try await seqs(api.ask("\(path)?after=58")) == [59, 60])
        #expect(try await seqs(api.ask("\(path)?after=0&limit=2")) == [1, 2])
        let moment = (api.node.clock.now - .seconds(2)).rfc3339
        #expect(try await seqs(api.ask("\(path)?since=\(moment)")) == [59, 60])
        await api.close()
    }

    @Test(arguments: [
        "limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1.5", "limit=+5", "limit=1&limit=1", "lmit=5",
        "before=9223372036854775808", "before=-1", "before=x", "after=-1",
        "after=9223372036854775808", "since=yesterday", "since=", "since=2026-11-23T17:00:00%2B24:00",
        "since=2026-11-23T17:00:00-01:60",
        "since=2026-11-23",
    ])
    func `a query out of range names its field`(query: String) async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", #"{"name":"general"}"#)
        let answer = try await api.ask("GET /rooms/general/messages?\(query)")
        let field = query.prefix { $0 != "=" }
        #expect(answer.status == 400 && answer.code == "invalid_input")
        #expect(answer.body.contains(#""\#(field)":["#), "\(answer.body)")
        await api.close()
    }

    @Test(arguments: [
        ("", "invalid_body"), ("{}", "invalid_body"), (#"{"body":null}"#, "invalid_body"),
        (#"{"body":" "}"#, "invalid_body"), (#"{"body":5}"#, "invalid_body"), ("{", "invalid_json"),
        (#"{"body":"x","body":"y"}"#, "invalid_json"),
        ("\u{feff}{\"body\":\"x\"}", "invalid_json"), (#"{"body":"x","clientid":"1"}"#, "invalid_input"),
        (#"{"body":"x","client_id":""}"#, "invalid_input"), (#"{"body":"x","client_id":7}"#, "invalid_input"),
    ])
    func `a message that is none is refused and not stored`(body: String, code: String) async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", #"{"name":"general"}"#)
        #expect(try await api.ask("POST /rooms/general/messages", body).code == code)
        #expect(try await api.ask("GET /rooms/general/messages").body == "[]")
        await api.close()
    }

    @Test(arguments: [(16_384, 201), (16_385, 400), (131_073, 413)])
    func `a message has a longest body, and a request too`(length: Int, status: Int) async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", #"{"name":"general"}"#)
        let text = String(repeating: "x", count: length)
        #expect(try await api.ask("POST /rooms/general/messages", #"{"body":"\#(text)"}"#).status == status)
        await api.close()
    }

    @Test func `a message is posted, repeated, read and deleted`() async throws {
        let api = try await TestAPI()
        _ = try await api.ask("POST /rooms", #"{"name":"general"}"#)
        let first = try await api.ask("POST /rooms/general/messages", #"{"body":"hi","client_id":"c"}"#)
        let again = try await api.ask("POST /rooms/general/messages", #"{"body":"hi","client_id":"c"}"#)
        #expect(first.status == 201 && first.body == again.body)
        #expect(try await api.ask("GET /rooms/general/messages/1").body == first.body)
        #expect(try await api.ask("DELETE /rooms/general/messages/1", as: "bob").status == 403)
        #expect(try await api.ask("DELETE /rooms/general/messages/1").status == 204)
        #expect(try await api.ask("GET /rooms/general/messages/2").code == "message_not_found")
        #expect(try await api.ask("GET /rooms/general/messages/x").code == "not_found")
        await api.close()
    }

    @Test func `a search needs a text and takes a room and a limit`() async throws {
        let api = try await makeAPI()
        #expect(try await seqs(api.ask("GET /search?q=m5")) == [5] + Array(50...59))
        #expect(try await seqs(api.ask("GET /search?q=m5&room=general&limit=2")) == [58, 59])
        #expect(try await api.ask("GET /search").code == "invalid_input")
        #expect(try await api.ask("GET /search?q=x&limit=201").code == "invalid_input")
        #expect(try await api.ask("GET /search?q=x&room=a%20b").code == "invalid_input")
        #expect(try await api.ask("GET /search?q=x&room=nowhere").code == "room_not_found")
        await api.close()
    }
}
