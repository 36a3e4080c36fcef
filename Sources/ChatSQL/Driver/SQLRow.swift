import ChatCore

/// One row. Columns are counted from 0; where there are more than a few, ``SQLColumn`` names them.
package struct SQLRow: Sendable {
    private let values: [SQLValue]
    /// Where the row begins in `values`.
    private let start: Int

    init(values: [SQLValue], start: Int) {
        self.values = values
        self.start = start
    }

    /// All numbers that are stored here are of less than 53 bits: ids, `seq`, times, counts. Nothing that is computed from
    /// such a number overflows; a greater one is damage, which must not end the process.
    private static let range: ClosedRange<Int64> = -(1 << 53)...1 << 53
    /// The years 1 to 9999, which can be written as RFC 3339.
    private static let times: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// - Throws: `fault` when the column holds something else, or a number out of range.
    package func integer(_ column: Int) throws(ChatError) -> Int64 {
        try integer(column, in: Self.range)
    }

    private func integer(_ column: Int, in range: ClosedRange<Int64>) throws(ChatError) -> Int64 {
        guard case .integer(let value) = values[start + column] else { throw mismatch(column) }
        guard range.contains(value) else {
            throw ChatError(.fault, "database: column \(column) holds a number out of range")
        }
        return value
    }

    func time(_ column: Int) throws(ChatError) -> Timestamp {
        Timestamp(milliseconds: try integer(column, in: Self.times))
    }

    func optionalTime(_ column: Int) throws(ChatError) -> Timestamp? {
        isNull(column) ? nil : try time(column)
    }

    package func optionalInteger(_ column: Int) throws(ChatError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    /// - Throws: `fault` when the column holds something else.
    package func text(_ column: Int) throws(ChatError) -> String {
        guard case .text(let value) = values[start + column] else { throw mismatch(column) }
        return value
    }

    func bytes(_ column: Int) throws(ChatError) -> [UInt8] {
        guard case .bytes(let value) = values[start + column] else { throw mismatch(column) }
        return value
    }

    package func optionalText(_ column: Int) throws(ChatError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    package func isNull(_ column: Int) -> Bool {
        if case .null = values[start + column] { true } else { false }
    }

    /// The rest of the row behind these columns.
    func after<Column: SQLColumn>(_ columns: Column.Type) -> SQLRow {
        SQLRow(values: values, start: start + columns.allCases.count)
    }

    private func mismatch(_ column: Int) -> ChatError {
        ChatError(.fault, "database: column \(column) holds a value of another type")
    }
}

extension SQLRow {
    /// An enum that is stored as the text of its raw value.
    ///
    /// - Throws: `fault` for a text that is no case of it.
    func choice<Choice: RawRepresentable<String>>(
        _ column: Int, of type: Choice.Type = Choice.self
    ) throws(ChatError) -> Choice {
        let stored = try text(column)
        guard let value = Choice(rawValue: stored) else {
            throw ChatError(.fault, "database: unknown \(type) '\(stored)'")
        }
        return value
    }
}
