import ChatCore

// A statement and the reader of its rows name columns by the cases of one enum. The list in the statement and the place
// in a row both follow from the order of the cases, so they cannot disagree, and after compilation a name costs what a
// number costs. Refused: names looked up at run time, which every row of a history page would pay for.

/// The columns that a query selects, in the order of the cases.
protocol SQLColumn: RawRepresentable<Int>, CaseIterable {
    /// The expression that the query selects.
    var sql: String { get }
}

extension SQLColumn {
    /// All columns as `SELECT` and `RETURNING` take them.
    ///
    /// - Parameter prefix: `u.` where the columns are those of a table with the alias `u`.
    static func list(prefix: String = "") -> String {
        allCases.map { prefix + $0.sql }.joined(separator: ", ")
    }
}

extension SQLRow {
    func integer(_ column: some SQLColumn) throws(ChatError) -> Int64 { try integer(column.rawValue) }

    func optionalInteger(_ column: some SQLColumn) throws(ChatError) -> Int64? {
        try optionalInteger(column.rawValue)
    }

    func text(_ column: some SQLColumn) throws(ChatError) -> String { try text(column.rawValue) }

    func time(_ column: some SQLColumn) throws(ChatError) -> Timestamp { try time(column.rawValue) }

    func optionalTime(_ column: some SQLColumn) throws(ChatError) -> Timestamp? { try optionalTime(column.rawValue) }

    func choice<Choice: RawRepresentable<String>>(_ column: some SQLColumn) throws(ChatError) -> Choice {
        try choice(column.rawValue)
    }

    func isNull(_ column: some SQLColumn) -> Bool { isNull(column.rawValue) }
}
