/// The SQL in which the databases differ, and the schema in each one's own words.
package struct SQLDialect: Sendable {
    /// The end of a `SELECT` that locks its rows against changes, but not against foreign keys that refer to them, until
    /// the transaction ends; empty where there is only one writer at a time.
    let rowLock: String
    /// A statement that keeps other processes from migrating until the transaction ends; nil where there is only one
    /// writer at a time.
    let migrationLock: String?
    /// A query that counts the tables called `schema_migrations`: 0 or 1.
    let schemaTableCount: String
    package var migrations: [Migration]
    /// An expression for a text column in lower case, in all scripts of Unicode.
    let lowered: @Sendable (_ column: String) -> String
    /// A condition that a text contains another one, byte by byte, in a time that patterns cannot multiply.
    let holds: @Sendable (_ text: String, _ part: String) -> String
    /// A condition that a column's number is in the list bound to the placeholder.
    let isListed: @Sendable (_ column: String, _ placeholder: String) -> String
    /// Numbers as a value for the placeholder of ``isListed``.
    let list: @Sendable ([Int64]) -> SQLValue

    package init(
        rowLock: String, migrationLock: String?, schemaTableCount: String, migrations: [Migration],
        lowered: @escaping @Sendable (_ column: String) -> String,
        holds: @escaping @Sendable (_ text: String, _ part: String) -> String,
        isListed: @escaping @Sendable (_ column: String, _ placeholder: String) -> String,
        list: @escaping @Sendable ([Int64]) -> SQLValue
    ) {
        self.rowLock = rowLock
        self.migrationLock = migrationLock
        self.schemaTableCount = schemaTableCount
        self.migrations = migrations
        self.lowered = lowered
        self.holds = holds
        self.isListed = isListed
        self.list = list
    }
}
