import HTTPTypes

/// Finds routes by path and method.
struct RouteTable: Sendable {
    /// What a request is for.
    enum Match {
        case route(Route, parameters: [String: String])
        /// The path is known, but not with this method; these are (RFC 9110 §15.5.6).
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    private let paths: [(path: RoutePath, routes: [Route])]

    init(_ routes: [Route]) {
        var paths: [(path: RoutePath, routes: [Route])] = []
        for route in routes {
            if let index = paths.firstIndex(where: { $0.path == route.path }) {
                paths[index].routes.append(route)
            } else {
                paths.append((route.path, [route]))
            }
        }
        self.paths = paths
    }

    /// `HEAD` finds the route of `GET` (RFC 9110 §9.3.2).
    func match(_ method: HTTPRequest.Method, _ segments: [String]) -> Match {
        for (path, routes) in paths {
            guard let parameters = path.match(segments) else { continue }
            let wanted = method == .head ? .get : method
            guard let route = routes.first(where: { $0.method == wanted }) else {
                return .otherMethods(Self.methods(of: routes))
            }
            return .route(route, parameters: parameters)
        }
        return .nothing
    }

    /// All methods that some route has.
    var methods: [HTTPRequest.Method] { Self.methods(of: paths.flatMap(\.routes)) }

    private static func methods(of routes: [Route]) -> [HTTPRequest.Method] {
        let own = Set(routes.map(\.method))
        let all = own.union(own.contains(.get) ? [.head, .options] : [.options])
        return [.get, .head, .post, .put, .patch, .delete, .options].filter(all.contains)
    }
}
