import ChatCore
import ChatWire

/// A parameter of a query: its type and range, for the reader and the document alike.
package struct QueryParameter: Sendable {
    package let name: String
    package let schema: Schema
    package let summary: String
    package let isRequired: Bool

    package init(_ name: String, _ schema: Schema, _ summary: String, isRequired: Bool = false) {
        self.name = name
        self.schema = schema
        self.summary = summary
        self.isRequired = isRequired
    }
}

extension Query {
    /// Checks that the query has only parameters of `known`, with their types.
    ///
    /// - Throws: `invalidInput` that names the parameter. A misspelt one is refused, because it would otherwise give an
    ///   answer to another question.
    func require(_ known: [QueryParameter]) throws(ChatError) {
        for name in names where !known.contains(where: { $0.name == name }) {
            throw Self.refusal(name, "Not a parameter of this request.")
        }
        for parameter in known { try check(parameter) }
    }

    private func check(_ parameter: QueryParameter) throws(ChatError) {
        guard let text = self[parameter.name] else {
            if parameter.isRequired { throw Self.refusal(parameter.name, "This parameter is required.") }
            return
        }
        switch parameter.schema {
        case .number(let range) where !(number(parameter.name).map(range.contains) ?? false):
            throw Self.refusal(parameter.name, "Use a number from \(range.lowerBound) to \(range.upperBound).")
        case .text(let rule) where !rule.choices.isEmpty && !rule.choices.contains(text):
            throw Self.refusal(parameter.name, rule.advice)
        case .text, .number, .flag, .list, .object, .named, .nullable, .map: return
        }
    }

    /// A parameter as a number in decimal digits; nil if absent, and for anything else.
    package func number(_ name: String) -> Int64? {
        guard let text = self[name], text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2d }) else {
            return nil
        }
        return Int64(text)
    }
}
