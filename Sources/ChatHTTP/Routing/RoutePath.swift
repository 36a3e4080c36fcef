/// The path of a route, written `/api/v1/rooms/{room}` or `/@{user}`.
package struct RoutePath: Sendable, Hashable, ExpressibleByStringLiteral {
    private enum Part: Sendable, Hashable {
        case word(String)
        /// A segment that begins with a fixed text, which may be empty.
        case parameter(prefix: String, String)
    }

    package let text: String
    private let parts: [Part]

    package init(stringLiteral text: String) {
        self.text = text
        parts = text.split(separator: "/").map { part in
            guard let brace = part.firstIndex(of: "{") else { return .word(String(part)) }
            return .parameter(prefix: String(part[..<brace]), String(part[brace...].dropFirst().dropLast()))
        }
    }

    /// The names of the parameters, in order.
    package var parameters: [String] {
        parts.compactMap { part in
            if case .parameter(_, let name) = part { name } else { nil }
        }
    }

    /// The values of the parameters if the path is of this form; nil otherwise.
    ///
    /// - Parameter segments: of the path, decoded.
    func match(_ segments: [String]) -> [String: String]? {
        guard segments.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            switch part {
            case .word(let word): guard word == segment else { return nil }
            case .parameter(let prefix, let name):
                guard segment.hasPrefix(prefix), segment.utf8.count > prefix.utf8.count else { return nil }
                values[name] = String(segment.dropFirst(prefix.count))
            }
        }
        return values
    }

    /// The decoded segments of a request's path; one slash at the end is passed over.
    ///
    /// - Returns: nil for broken percent-encoding.
    static func segments(of path: Substring) -> [String]? {
        var raw = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if raw.last?.isEmpty == true { raw = raw.dropLast() }
        let decoded = raw.compactMap { PercentCoding.decoded($0) }
        return decoded.count == raw.count ? decoded : nil
    }
}
