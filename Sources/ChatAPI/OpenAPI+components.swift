import ChatCore
import ChatHTTP
import ChatWire

extension JSONWriter {
    /// Writes the named schemas of the routes' answers, and the ways to prove who asks.
    mutating func components(of routes: [Route]) {
        let schemas = routes.flatMap(\.answers).compactMap(\.schema) + [Schema.error]
        let named = schemas.reduce(into: [String: Schema]()) { $1.collect(into: &$0) }
        object { json in
            json.key("schemas")
            json.object { json in
                for (name, schema) in named.sorted(by: { $0.key < $1.key }) {
                    json.key(name)
                    json.schema(schema)
                }
            }
            json.key("securitySchemes")
            json.object { json in
                json.key("bearer")
                json.object { json in
                    json.field("type", "http")
                    json.field("scheme", "bearer")
                }
                json.key("cookie")
                json.object { json in
                    json.field("type", "apiKey")
                    json.field("in", "cookie")
                    json.field("name", SessionCookie(usesTLS: false).name)
                    json.field(
                        "description", "Writes also need the log-in's csrf_token in the header X-CSRF-Token.")
                }
            }
        }
    }
}

extension Schema {
    /// The schema of a parameter of a path, by its name.
    static func pathParameter(named name: String) -> Schema {
        switch name {
        case "room": .roomName
        case "user": .username
        default: .number(1...Int64.max)
        }
    }

    /// Adds the named schemas in this one.
    fileprivate func collect(into all: inout [String: Schema]) {
        switch self {
        case .named(let name, let schema):
            all[name] = schema
            schema.collect(into: &all)
        case .list(let schema, _), .nullable(let schema), .map(let schema): schema.collect(into: &all)
        case .object(let fields): for field in fields { field.schema.collect(into: &all) }
        case .text, .number, .flag: return
        }
    }
}

extension Route {
    /// A unique name, such as `get-rooms-room-members`.
    var operationID: String {
        let words = path.text.split(separator: "/").map { $0.filter { $0 != "{" && $0 != "}" } }
        let own = words.starts(with: ["api", "v1"]) ? words.dropFirst(2) : words[...]
        return ([method.rawValue.lowercased()] + own).joined(separator: "-")
    }

    /// The statuses of errors that the route may answer with.
    var refusals: [(status: String, summary: String)] {
        let named = !path.parameters.isEmpty || query.contains { ["user", "room"].contains($0.name) }
        let all: [(String, String, Bool)] = [
            ("400", "The request is wrong.", true),
            ("401", "Who asks is not known, or the log-in failed.", access == .user || body != nil),
            ("403", "The caller may not do this.", access == .user || body != nil),
            ("404", "There is no such thing.", named || body != nil),
            ("408", "The request did not come in whole in time.", true),
            ("409", "It is there already, or does not take this now.", body != nil || !path.parameters.isEmpty),
            ("413", "The request is too large.", access == .user || body != nil),
            ("429", "Too many requests; `Retry-After` says when to come again.", true),
            ("503", "The database, Redis or the server cannot do this now.", true),
            ("default", "Any other fault.", true),
        ]
        return all.filter(\.2).map { ($0.0, $0.1) }
    }
}
