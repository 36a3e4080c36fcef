import ChatCore
import Testing

@testable import ChatPostgreSQL

@Suite struct PostgreSQLErrorsTests {
    private func translate(_ state: String, _ text: String = "some text") -> ChatError {
        PostgreSQLErrors.translate(state, text, database: "postgres db")
    }

    @Test(
        arguments: [
            ("23505", .alreadyExists), ("23503", .notFound), ("23514", .fault), ("57014", .unavailable),
            ("25006", .unavailable), ("3D000", .configuration), ("42501", .configuration), ("42P01", .configuration),
            ("28P01", .configuration), ("28000", .configuration), ("08006", .unavailable), ("53300", .unavailable),
            ("53100", .unavailable), ("55P03", .unavailable), ("57P01", .unavailable), ("57P03", .unavailable),
            ("58030", .unavailable), ("40001", .unavailable), ("40P01", .unavailable), ("42601", .fault),
            ("22P02", .fault), ("XX000", .fault), ("", .fault),
        ] as [(String, ErrorCode)])
    func `the SQLSTATE decides, by itself or by its class`(state: String, code: ErrorCode) {
        let error = translate(state)
        #expect(error.code == code && error.message.hasPrefix("database postgres db: "))
    }

    @Test func `the text of an error decides nothing`() {
        #expect(translate("42601", "duplicate key value violates unique constraint").code == .fault)
    }

    @Test func `a fault tells SQLSTATE and text for a report`() {
        #expect(translate("42601").message.hasSuffix("SQLSTATE 42601, some text"))
    }

    @Test func `a violated constraint does not repeat the row, which may be a secret`() {
        for state in ["23505", "23503"] { #expect(!translate(state, "Key (hash)=(secret)").message.contains("secret")) }
    }

    @Test func `only serialization failures and deadlocks are conflicts`() {
        let states = ["40001", "40P01", "40000", "23505", "57014", "", "4"]
        #expect(states.filter(PostgreSQLErrors.isConflict) == ["40001", "40P01", "40000"])
    }

    @Test func `prepared statements that are gone or do not fit end the connection`() {
        #expect(["26000", "0A000", "42601", ""].filter(PostgreSQLErrors.isStale) == ["26000", "0A000"])
    }
}
