import ChatSQL

/// One statement with the arguments of each of its runs.
struct PostgreSQLCommand {
    let sql: String
    let argumentSets: [[SQLValue]]

    init(_ sql: String, _ argumentSets: [[SQLValue]] = [[]]) {
        self.sql = sql
        self.argumentSets = argumentSets
    }
}

/// The result of all runs of one statement.
struct PostgreSQLAnswer {
    var values: [SQLValue] = []
    var width = 1
    var changed = 0

    var rows: SQLRows { SQLRows(values: values, width: width) }
}
