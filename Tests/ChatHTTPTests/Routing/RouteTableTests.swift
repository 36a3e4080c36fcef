import HTTPTypes
import Hummingbird
import Testing

@testable import ChatHTTP

/// Which route a method and a path find.
@Suite struct RouteTableTests {
    private let table = RouteTable(
        [("GET", "/a"), ("POST", "/a"), ("GET", "/a/{x}"), ("DELETE", "/a/{x}/b/{y}")].map { method, path in
            Route(
                HTTPRequest.Method(method) ?? .get, RoutePath(stringLiteral: path), "\(method) \(path)", answers: []
            ) { _ in Response(status: .ok) }
        })

    /// The route's summary and parameters, or the methods that the path has; nil for nothing.
    private func find(_ method: HTTPRequest.Method, _ path: String) -> String? {
        guard let segments = RoutePath.segments(of: path[...]) else { return "broken" }
        switch table.match(method, segments) {
        case .route(let route, let parameters):
            return ([route.summary] + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
                .joined(separator: " ")
        case .otherMethods(let methods): return "only " + methods.map(\.rawValue).joined(separator: ",")
        case .nothing: return nil
        }
    }

    @Test(
        arguments: [
            ("/a", "GET /a"), ("/a/", "GET /a"), ("/%61", "GET /a"), ("/a/q", "GET /a/{x} x=q"),
            ("/a/q%20r%2Fs", "GET /a/{x} x=q r/s"), ("/a+b", nil), ("/A", nil), ("/", nil), ("", nil), ("/a//", nil),
            ("//a", nil), ("/a/q/b", nil), ("/a/%zz", "broken"), ("/a/%ff", "broken"),
        ] as [(String, String?)])
    func `a path finds its route and the values of its parameters`(path: String, route: String?) {
        #expect(find(.get, path) == route)
    }

    @Test func `a method that a path does not have is told which there are`() {
        #expect(find(.put, "/a") == "only GET,HEAD,POST,OPTIONS")
        #expect(find(.options, "/a/q") == "only GET,HEAD,OPTIONS")
        #expect(find(.get, "/a/q/b/r") == "only DELETE,OPTIONS")
        #expect(find(.delete, "/a/q/b/r") == "DELETE /a/{x}/b/{y} x=q y=r")
    }

    @Test func `HEAD is there wherever GET is`() {
        #expect(find(.head, "/a/q") == "GET /a/{x} x=q")
        #expect(find(.head, "/a/q/b/r") == "only DELETE,OPTIONS")
    }
}
