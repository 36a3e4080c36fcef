/// What the databases say differently.
package struct SQLDialect: Sendable {
    /// Ends a `SELECT` whose rows no other transaction may change until this one ends, though it may refer to them;
    /// empty where writers are alone.
    let rowLock: String
    /// Holds off other migrations until the transaction ends; nil where writers are alone.
    let migrationLock: String?
    /// Counts the tables called `schema_migrations`: 0 or 1.
    let schemaTableCount: String
    package var migrations: [Migration]
    /// A column of text in lower case, by the rules of all scripts.
    let lowered: @Sendable (_ column: String) -> String
    /// Holds for a column whose number stands in the list that the one placeholder brings.
    let isListed: @Sendable (_ column: String, _ placeholder: String) -> String
    /// Numbers as ``isListed`` reads them.
    let list: @Sendable ([Int64]) -> SQLValue

    package init(
        rowLock: String, migrationLock: String?, schemaTableCount: String, migrations: [Migration],
        lowered: @escaping @Sendable (_ column: String) -> String,
        isListed: @escaping @Sendable (_ column: String, _ placeholder: String) -> String,
        list: @escaping @Sendable ([Int64]) -> SQLValue
    ) {
        self.rowLock = rowLock
        self.migrationLock = migrationLock
        self.schemaTableCount = schemaTableCount
        self.migrations = migrations
        self.lowered = lowered
        self.isListed = isListed
        self.list = list
    }
}
