import ChatCore

// What a value of a request or an answer may be. Requests are read by it and `openapi.json` is written from it, so the
// two cannot differ. Only what this API needs of JSON Schema (2020-12, as OpenAPI 3.1 uses it) is here.

/// The type and range of a JSON value.
package indirect enum Schema: Sendable, Equatable {
    case text(TextRule)
    case number(ClosedRange<Int64>)
    case flag
    case list(Schema, most: Int? = nil)
    case object([Field])
    /// A schema with a name, which the document describes once.
    case named(String, Schema)
    /// A value of the schema, or null.
    case nullable(Schema)
    /// An object with any names, whose values are of the schema.
    case map(Schema)

    /// A member of an object.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let schema: Schema
        package let isRequired: Bool

        package init(_ name: String, _ schema: Schema, isRequired: Bool = true) {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
        }
    }

    /// Any text.
    package static let anyText = Schema.text(TextRule())
    /// Text that is one of several words.
    package static func choice(_ words: [String]) -> Schema { .text(TextRule(choices: words)) }
    /// A count or an id.
    package static let count = Schema.number(0...Int64.max)
    package static let time = Schema.text(TextRule(format: "date-time"))
}

/// What a text may be. Readers enforce `choices`; the types of the core enforce the rest, which the document repeats.
package struct TextRule: Sendable, Equatable {
    package var choices: [String] = []
    package var length: ClosedRange<Int>?
    package var pattern: String?
    package var format: String?

    package init(
        choices: [String] = [], length: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil
    ) {
        self.choices = choices
        self.length = length
        self.pattern = pattern
        self.format = format
    }
}

extension Schema {
    /// ``Username`` and ``RoomName`` (see ``Name``); capital letters are folded.
    package static let username = Schema.text(TextRule(length: 1...32, pattern: namePattern))
    package static let roomName = Schema.text(TextRule(length: 1...128, pattern: namePattern))
    /// ``MessageBody``. Its limit counts bytes, and a character has at least one.
    package static let messageBody = Schema.text(
        TextRule(length: 1...Limits.bodyBytes, pattern: #"^[^\u0000]*[^\s\u0000][^\u0000]*$"#))
    /// ``ClientID``.
    package static let clientID = Schema.text(
        TextRule(length: 1...Limits.clientIDBytes, pattern: #"^[^\u0000-\u001f]*$"#))
    package static let password = freeText(Limits.passwordBytes)

    /// ``FreeText``.
    package static func freeText(upTo longest: Int) -> Schema { freeText(0...longest) }

    /// How long a token, a ban or a mute lasts.
    package static let life = Schema.number(Limits.lives.lowerBound.milliseconds...Limits.lives.upperBound.milliseconds)

    private static let namePattern = "^[A-Za-z0-9][A-Za-z0-9_.-]*$"

    private static func freeText(_ length: ClosedRange<Int>) -> Schema {
        .text(TextRule(length: length, pattern: #"^[^\u0000]*$"#))
    }
}
