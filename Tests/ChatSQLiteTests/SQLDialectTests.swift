import ChatSQL
import Testing

@testable import ChatSQLite

@Suite struct SQLDialectTests {
    @Test func `the released migrations are unchanged`() {
        #expect(SQLDialect.sqlite.migrations.map(\.checksum) == ["8feffc85268a5bdd"])
    }
}
