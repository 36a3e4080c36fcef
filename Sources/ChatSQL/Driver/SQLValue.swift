import ChatCore

/// An argument or a result of a statement.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

extension SQLValue {
    static func count(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    static func user(_ id: UserID) -> SQLValue { .integer(id.value) }
    static func user(_ id: UserID?) -> SQLValue { id.map { .integer($0.value) } ?? .null }
    static func room(_ id: RoomID) -> SQLValue { .integer(id.value) }
    static func node(_ id: NodeID) -> SQLValue { .integer(id.value) }
    package static func time(_ moment: Timestamp) -> SQLValue { .integer(moment.milliseconds) }
    static func time(_ moment: Timestamp?) -> SQLValue { moment.map { .integer($0.milliseconds) } ?? .null }
    static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    /// 1 or 0; NULL for nil.
    static func flag(_ value: Bool?) -> SQLValue { value.map { .integer($0 ? 1 : 0) } ?? .null }
}
