import ChatCore

/// The parameters of a request's query, decoded as forms encode them (WHATWG URL §5.1): `+` is a space.
package struct Query: Sendable, Equatable {
    private let pairs: [(name: String, value: String)]

    /// No parameters.
    package init() {
        pairs = []
    }

    /// - Parameter text: what follows the `?` of the target.
    /// - Throws: `invalidInput` for broken percent-encoding, text that is not UTF-8, and a parameter that stands twice:
    ///   of two values, one would be passed over in silence.
    package init(_ text: Substring) throws(ChatError) {
        var pairs: [(name: String, value: String)] = []
        var names: Set<String> = []
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(halves[0])
            guard names.insert(name).inserted else { throw Self.refusal(name, "Give it once.") }
            pairs.append((name, try halves.count == 2 ? Self.decoded(halves[1]) : ""))
        }
        self.pairs = pairs
    }

    package var names: [String] { pairs.map(\.name) }

    /// The value of a parameter; nil if absent.
    package subscript(_ name: String) -> String? { pairs.first { $0.name == name }?.value }

    package static func == (left: Query, right: Query) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }

    static func refusal(_ name: String, _ why: String) -> ChatError {
        let name = String(name.prefix(100))
        return ChatError(.invalidInput, "\(name): \(why)", fields: [name: [why]])
    }

    private static func decoded(_ text: Substring) throws(ChatError) -> String {
        guard let decoded = PercentCoding.decoded(text, plusIsSpace: true) else {
            throw ChatError(.invalidInput, "query: '\(text.prefix(100))' is not percent-encoded UTF-8")
        }
        return decoded
    }
}
