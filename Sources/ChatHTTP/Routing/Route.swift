import ChatCore
import ChatWire
import HTTPTypes
import Hummingbird

/// One request that the server understands: its method and path, what it takes, what it answers and what it does. The
/// router and `openapi.json` both work from it.
package struct Route: Sendable {
    /// Who may send the request.
    package enum Access: Sendable {
        case anyone
        case user
    }

    /// The JSON body that a route takes.
    package struct Body: Sendable {
        package let shape: any RequestShape.Type

        /// True if the body may be left out: `{}` would do.
        package var isOptional: Bool { !shape.isChange && !shape.fields.contains(where: \.isRequired) }
    }

    package let method: HTTPRequest.Method
    package let path: RoutePath
    package let summary: String
    package let access: Access
    package let query: [QueryParameter]
    /// A health check's caller may add anything to the address; elsewhere an unknown parameter is a mistake.
    package let takesAnyQuery: Bool
    package let body: Body?
    package let answers: [RouteAnswer]
    let respond: @Sendable (Call) async throws -> Response

    /// A route without a body.
    package init(
        _ method: HTTPRequest.Method, _ path: RoutePath, _ summary: String, access: Access = .user,
        query: [QueryParameter] = [], takesAnyQuery: Bool = false, answers: [RouteAnswer],
        respond: @escaping @Sendable (Call) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.access = access
        self.query = query
        self.takesAnyQuery = takesAnyQuery
        body = nil
        self.answers = answers
        self.respond = respond
    }

    /// A route with a JSON body, which is read before `respond` is called.
    package init<Shape: RequestShape>(
        _ method: HTTPRequest.Method, _ path: RoutePath, _ summary: String, access: Access = .user, body: Shape.Type,
        answers: [RouteAnswer], respond: @escaping @Sendable (Call, Shape) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.access = access
        query = []
        takesAnyQuery = false
        self.body = Body(shape: body)
        self.answers = answers
        self.respond = { call in try await respond(call, try await call.shape(body)) }
    }
}

/// An answer of a route when all goes well.
package struct RouteAnswer: Sendable {
    package let status: HTTPResponse.Status
    package let summary: String
    /// The JSON document; nil for an answer without a body.
    package let schema: Schema?
    /// True for a page of a list, which links to the next one.
    package let isPage: Bool
    /// True if the answer's header `Room-Epoch` says which log it is about.
    package private(set) var hasEpoch = false

    package var withEpoch: Self {
        var answer = self
        answer.hasEpoch = true
        return answer
    }

    package static func ok(_ summary: String, _ schema: Schema) -> Self {
        .init(status: .ok, summary: summary, schema: schema, isPage: false)
    }

    package static func created(_ summary: String, _ schema: Schema) -> Self {
        .init(status: .created, summary: summary, schema: schema, isPage: false)
    }

    package static func page(_ summary: String, of element: Schema) -> Self {
        .init(status: .ok, summary: summary, schema: .list(element), isPage: true)
    }

    package static let done = Self(status: .noContent, summary: "Done.", schema: nil, isPage: false)
}
