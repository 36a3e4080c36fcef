import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes

// `openapi.json` is written from the routes themselves: their methods, paths, parameters, bodies and answers. What the
// document says is therefore what the router does, and nothing has to be kept in step by hand.

/// The OpenAPI 3.1 document of a list of routes.
enum OpenAPI {
    static func document(of routes: [Route]) -> [UInt8] {
        JSON.document { json in
            json.object { json in
                json.field("openapi", "3.1.0")
                json.key("info")
                json.object { json in
                    json.field("title", "chatctl")
                    json.field("version", "1")
                    json.field("description", "The HTTP API of a chatctl server. Live events come over WebSocket.")
                }
                json.key("paths")
                json.paths(of: routes)
                json.key("components")
                json.components(of: routes)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func paths(of routes: [Route]) {
        var paths: [RoutePath] = []
        for route in routes where !paths.contains(route.path) { paths.append(route.path) }
        object { json in
            for path in paths {
                json.key(path.text)
                json.object { json in
                    if !path.parameters.isEmpty {
                        json.key("parameters")
                        json.array(path.parameters) { $0.parameter($1, in: "path", .pathParameter(named: $1), true) }
                    }
                    for route in routes where route.path == path {
                        json.key(route.method.rawValue.lowercased())
                        json.operation(route)
                    }
                }
            }
        }
    }

    private mutating func operation(_ route: Route) {
        object { json in
            json.field("summary", route.summary)
            json.field("operationId", route.operationID)
            json.key("security")
            json.array(route.access == .user ? ["bearer", "cookie"] : []) { json, scheme in
                json.object { json in
                    json.key(scheme)
                    json.array([String]()) { $0.value($1) }
                }
            }
            if !route.query.isEmpty {
                json.key("parameters")
                json.array(route.query) { $0.parameter($1.name, in: "query", $1.schema, $1.isRequired, $1.summary) }
            }
            if let body = route.body { json.requestBody(body) }
            json.key("responses")
            json.responses(of: route)
        }
    }

    private mutating func parameter(
        _ name: String, in place: String, _ schema: Schema, _ isRequired: Bool, _ summary: String? = nil
    ) {
        object { json in
            json.field("name", name)
            json.field("in", place)
            if let summary { json.field("description", summary) }
            json.field("required", isRequired)
            json.key("schema")
            json.schema(schema)
        }
    }

    private mutating func requestBody(_ body: Route.Body) {
        key("requestBody")
        object { json in
            json.field("required", !body.isOptional)
            json.content { $0.schema(ofBody: body.shape) }
        }
    }

    private mutating func responses(of route: Route) {
        object { json in
            for answer in route.answers {
                json.key(String(answer.status.code))
                json.object { json in
                    json.field("description", answer.summary)
                    json.headers(of: answer)
                    if let schema = answer.schema { json.content { $0.schema(schema) } }
                }
            }
            for (status, summary) in route.refusals {
                json.key(status)
                json.object { json in
                    json.field("description", summary)
                    json.content { $0.schema(.error) }
                }
            }
        }
    }

    private mutating func headers(of answer: RouteAnswer) {
        guard answer.isPage || answer.hasEpoch else { return }
        key("headers")
        object { json in
            if answer.isPage { json.header("Link", "The next page, with rel=\"next\", while there is one (RFC 8288).") }
            if answer.hasEpoch { json.header("Room-Epoch", "Which log the seq of the room's messages count in.") }
        }
    }

    private mutating func header(_ name: String, _ summary: String) {
        key(name)
        object { json in
            json.field("description", summary)
            json.key("schema")
            json.schema(.anyText)
        }
    }

    private mutating func content(_ schema: (inout JSONWriter) -> Void) {
        key("content")
        object { json in
            json.key("application/json")
            json.object { json in
                json.key("schema")
                schema(&json)
            }
        }
    }
}
