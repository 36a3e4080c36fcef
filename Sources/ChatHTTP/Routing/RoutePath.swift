/// The path of a route, written `/api/v1/rooms/{room}`.
package struct RoutePath: Sendable, Hashable, ExpressibleByStringLiteral {
    private enum Part: Sendable, Hashable {
        case word(String)
        case parameter(String)
    }

    package let text: String
    private let parts: [Part]

    package init(stringLiteral text: String) {
        self.text = text
        parts = text.split(separator: "/").map { part in
            part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .word(String(part))
        }
    }

    /// The names of the parameters, in order.
    package var parameters: [String] {
        parts.compactMap { part in
            if case .parameter(let name) = part { name } else { nil }
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
            case .parameter(let name):
                guard !segment.isEmpty else { return nil }
                values[name] = segment
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
