import ChatCore
import ChatHTTP
import ChatTestKit
import ChatWire
import Testing

@testable import ChatAPI

/// The document that describes the routes.
@Suite struct OpenAPITests {
    @Test func `the document describes every route once, itself among them`() async throws {
        let api = try await TestAPI()
        let answer = try await api.ask("GET /openapi.json", as: nil)
        guard case .object(let document) = try Tree(answer.body), case .object(let paths) = document["paths"] else {
            Issue.record("no document")
            return
        }
        var described: Set<String> = []
        for (path, item) in paths {
            guard case .object(let operations) = item else { continue }
            for method in operations.keys where method != "parameters" { described.insert("\(method) \(path)") }
        }
        let routes = APIRoutes.routes(api.node.chat, usesTLS: false, proxies: TrustedProxies())
        #expect(described == Set(routes.map { "\($0.method.rawValue.lowercased()) \($0.path.text)" }))
        #expect(described.contains("get /api/v1/openapi.json") && described.count == routes.count)
        #expect(Set(routes.map(\.operationID)).count == routes.count)
        await api.close()
    }

    @Test func `a schema is written as JSON Schema`() {
        func text(_ schema: Schema) -> String { String(decoding: JSON.document { $0.schema(schema) }, as: UTF8.self) }
        #expect(text(.choice(["a", "b"])) == #"{"type":"string","enum":["a","b"]}"#)
        #expect(text(.number(1...5)) == #"{"type":"integer","format":"int64","minimum":1,"maximum":5}"#)
        #expect(text(.nullable(.flag)) == #"{"anyOf":[{"type":"boolean"},{"type":"null"}]}"#)
        #expect(
            text(.list(.user, most: 3))
                == ##"{"type":"array","items":{"$ref":"#/components/schemas/User"},"maxItems":3}"##)
        #expect(
            text(.object([.init("a", .flag), .init("b", .map(.flag), isRequired: false)]))
                == #"{"type":"object","properties":{"a":{"type":"boolean"},"b":{"type":"object","additionalProperties":{"type":"boolean"}}},"required":["a"]}"#
        )
    }

    @Test func `the body of a change names something and nothing else`() {
        let text = String(decoding: JSON.document { $0.schema(ofBody: RoomPatch.self) }, as: UTF8.self)
        #expect(text.hasSuffix(#","additionalProperties":false,"minProperties":1}"#) && !text.contains("required"))
    }
}
