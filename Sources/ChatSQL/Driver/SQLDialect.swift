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
    /// Two expressions for numbers of transactions: the oldest one under way, and the one that begins next. They are equal
    /// when none is under way.
    let runningTransactions: String
    /// A condition that a ``GramFilter`` has all bits that are bound to the placeholder by ``bits``.
    let hasBits: @Sendable (_ filter: String, _ placeholder: String) -> String
    let bits: @Sendable ([UInt32]) -> SQLValue
    /// A condition that a column's number is in the list bound to the placeholder.
    let isListed: @Sendable (_ column: String, _ placeholder: String) -> String
    /// Numbers as a value for the placeholder of ``isListed``.
    let list: @Sendable ([Int64]) -> SQLValue

    package init(
        rowLock: String, migrationLock: String?, schemaTableCount: String, migrations: [Migration],
        runningTransactions: String,
        hasBits: @escaping @Sendable (_ filter: String, _ placeholder: String) -> String,
        bits: @escaping @Sendable ([UInt32]) -> SQLValue,
        isListed: @escaping @Sendable (_ column: String, _ placeholder: String) -> String,
        list: @escaping @Sendable ([Int64]) -> SQLValue
    ) {
        self.rowLock = rowLock
        self.migrationLock = migrationLock
        self.schemaTableCount = schemaTableCount
        self.migrations = migrations
        self.runningTransactions = runningTransactions
        self.hasBits = hasBits
        self.bits = bits
        self.isListed = isListed
        self.list = list
    }
}
