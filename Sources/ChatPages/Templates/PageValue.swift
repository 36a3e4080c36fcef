/// What a template can show. Text is escaped when it is handed to the template, so no template can forget it.
enum PageValue: Sendable, Equatable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([[String: PageValue]])
    case record([String: PageValue])
    /// Nothing: a section of that name is left out.
    case none

    static func text(_ value: String?) -> PageValue { value.map { .text($0) } ?? .none }
    static func number(_ value: Int64?) -> PageValue { value.map { .number($0) } ?? .none }
    /// A text that is left out when it is empty.
    static func filled(_ value: String) -> PageValue { value.isEmpty ? .none : .text(value) }
}

/// Values by the names under which templates use them.
typealias PageValues = [String: PageValue]

extension PageValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension PageValue {
    /// The value as the template engine takes it, escaped.
    var escaped: Any? {
        switch self {
        case .text(let text): HTMLText.escaped(text)
        case .number(let number): String(number)
        case .flag(let flag): flag
        case .list(let rows): rows.map(Self.escaped)
        case .record(let values): Self.escaped(values)
        case .none: nil
        }
    }

    static func escaped(_ values: PageValues) -> [String: Any] { values.compactMapValues(\.escaped) }
}
