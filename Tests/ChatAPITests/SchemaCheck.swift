import ChatWire
import FoundationEssentials
import HTTPTypes
import Testing

@testable import ChatAPI
@testable import ChatHTTP

/// Any JSON value.
enum Tree: Decodable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([Tree])
    case object([String: Tree])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([Tree].self) {
            self = .list(list)
        } else if let object = try? value.decode([String: Tree].self) {
            self = .object(object)
        } else {
            self = .number(try value.decode(Double.self))
        }
    }

    init(_ text: String) throws {
        self = try JSONDecoder().decode(Tree.self, from: Data(text.utf8))
    }
}

extension Schema {
    /// True if the value has the schema, and no member that the schema does not name.
    func isExactly(_ value: Tree) -> Bool {
        switch (self, value) {
        case (.named(_, let schema), _): schema.isExactly(value)
        case (.nullable(let schema), _): if case .null = value { true } else { schema.isExactly(value) }
        case (.text(let rule), .text(let text)): rule.choices.isEmpty || rule.choices.contains(text)
        case (.number(let range), .number(let number)):
            number.rounded() == number && number >= Double(range.lowerBound) && number <= Double(range.upperBound)
        case (.flag, .flag): true
        case (.list(let schema, _), .list(let elements)): elements.allSatisfy(schema.isExactly)
        case (.map(let schema), .object(let members)): members.values.allSatisfy(schema.isExactly)
        case (.object(let fields), .object(let members)):
            members.keys.allSatisfy { name in fields.contains { $0.name == name } }
                && fields.allSatisfy { field in
                    members[field.name].map(field.schema.isExactly) ?? !field.isRequired
                }
        default: false
        }
    }
}

extension [Route] {
    /// Expects an answer to be one of those that its route declares, in status and shape.
    func expectDeclared(_ answer: TestAPI.Answer, _ method: HTTPRequest.Method, _ path: String) throws {
        guard method != .head, method != .options else { return }
        if answer.status >= 400 {
            #expect(Schema.error.isExactly(try Tree(answer.body)), "\(answer.body)")
            return
        }
        let segments = RoutePath.segments(of: path.prefix { $0 != "?" }) ?? []
        guard case .route(let route, _) = RouteTable(self).match(method, segments) else {
            Issue.record("\(path) is no route")
            return
        }
        guard let declared = route.answers.first(where: { $0.status.code == answer.status }) else {
            Issue.record("\(route.summary): \(answer.status) is not declared")
            return
        }
        guard let schema = declared.schema, schema != .document else {
            #expect(declared.schema != nil || answer.body.isEmpty)
            return
        }
        #expect(schema.isExactly(try Tree(answer.body)), "\(route.summary): \(answer.body)")
    }
}
