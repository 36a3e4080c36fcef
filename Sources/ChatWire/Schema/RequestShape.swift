import ChatCore

/// The JSON body of a request: what it may hold, and how it is read.
package protocol RequestShape: Encodable, Sendable {
    /// The members that the body may have; any other is refused, because a misspelt setting must not count as set.
    static var fields: [Schema.Field] { get }
    /// True if the body changes something that is there: it must name at least one member, and null is no value.
    static var isChange: Bool { get }

    /// The error of a field that is missing or wrong.
    static func refusal(_ field: String, _ why: String) -> ChatError

    /// Reads the body; `reader` has checked it against ``fields``.
    init(_ reader: BodyReader) throws(ChatError)
}

extension RequestShape {
    package static var isChange: Bool { false }

    package static func refusal(_ field: String, _ why: String) -> ChatError {
        ChatError(.invalidInput, "\(field): \(why)", fields: [field: [why]])
    }

    /// Reads a shape from JSON; no bytes at all count as `{}`.
    ///
    /// - Throws: `invalidJSON` for text that is not JSON, otherwise `invalidInput` with the name of the field.
    package static func read(_ bytes: [UInt8]) throws(ChatError) -> Self {
        try Self(BodyReader(bytes.isEmpty ? Array("{}".utf8) : bytes, of: Self.self))
    }
}

/// The members of a request's body, checked against the fields of its shape.
package struct BodyReader {
    private let scanner: JSONScanner
    private let values: [String: JSONScanner.Value]

    fileprivate init(_ bytes: [UInt8], of shape: any RequestShape.Type) throws(ChatError) {
        var values: [String: JSONScanner.Value] = [:]
        scanner = try Self.scan(bytes) { values[$0] = $1 }
        for name in values.keys.sorted() where !shape.fields.contains(where: { $0.name == name }) {
            throw shape.refusal(String(name.prefix(100)), "Not a field of this request.")
        }
        for field in shape.fields {
            guard let value = values[field.name] else { continue }
            if case .null = value.kind, !shape.isChange, !field.isRequired {
                values[field.name] = nil
            } else if let why = field.schema.refusal(of: value, in: scanner) {
                throw shape.refusal(field.name, why)
            }
        }
        if let missing = shape.fields.first(where: { $0.isRequired && values[$0.name] == nil }) {
            throw shape.refusal(missing.name, "This field is required.")
        }
        if shape.isChange, values.isEmpty {
            let known = shape.fields.map(\.name).joined(separator: ", ")
            throw ChatError(.invalidInput, "request: names nothing to change", hint: "use at least one of \(known)")
        }
        self.values = values
    }

    private static func scan(
        _ bytes: [UInt8], _ member: (String, JSONScanner.Value) -> Void
    ) throws(ChatError) -> JSONScanner {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw ChatError(.invalidJSON, "request: not UTF-8")
        }
        var scanner = JSONScanner(bytes)
        let isObject: Bool
        do throws(JSONScanner.Fault) { isObject = try scanner.members(member) } catch {
            throw ChatError(.invalidJSON, "request: \(error.reason)")
        }
        guard isObject else { throw ChatError(.invalidInput, "request: not a JSON object") }
        return scanner
    }

    // MARK: Values

    /// Each returns nil for an absent member.
    package func text(_ name: String) -> String? { values[name].flatMap(scanner.text) }

    package func number(_ name: String) -> Int64? { values[name].flatMap(scanner.integer) }

    package func flag(_ name: String) -> Bool? { values[name].flatMap(scanner.flag) }

    package func texts(_ name: String) -> [String]? {
        values[name].flatMap(scanner.elements)?.compactMap(scanner.text)
    }
}

extension Schema {
    /// The reason a value is not of the schema; nil if it is.
    fileprivate func refusal(of value: JSONScanner.Value, in scanner: JSONScanner) -> String? {
        if case .null = value.kind { return "This field may not be null." }
        switch self {
        case .text(let rule):
            guard let text = scanner.text(of: value) else { return Self.wrongType }
            return rule.choices.isEmpty || rule.choices.contains(text) ? nil : rule.advice
        case .number(let range):
            guard case .number = value.kind else { return Self.wrongType }
            let isInRange = scanner.integer(of: value).map(range.contains) ?? false
            return isInRange ? nil : "Use a whole number from \(range.lowerBound) to \(range.upperBound)."
        case .flag: return scanner.flag(of: value) == nil ? Self.wrongType : nil
        case .list(let element, let most):
            guard let elements = scanner.elements(of: value) else { return Self.wrongType }
            if let most, elements.count > most { return "Use at most \(most)." }
            return elements.lazy.compactMap { element.refusal(of: $0, in: scanner) }.first.map { _ in Self.wrongType }
        case .named(_, let schema), .nullable(let schema): return schema.refusal(of: value, in: scanner)
        case .object, .map: return nil
        }
    }

    private static let wrongType = "Not of the right type."
}

extension TextRule {
    /// What to write instead of a text that is none of the choices.
    package var advice: String {
        let others = choices.dropLast().joined(separator: ", ")
        return "Use \(others.isEmpty ? "" : others + " or ")\(choices.last ?? "")."
    }
}
