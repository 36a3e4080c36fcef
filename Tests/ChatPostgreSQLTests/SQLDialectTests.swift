import ChatSQL
import Testing

@testable import ChatPostgreSQL

@Suite struct SQLDialectTests {
    @Test func `the released migrations are unchanged`() {
        #expect(SQLDialect.postgreSQL.migrations.map(\.checksum) == ["4b1533fc65550e2d"])
    }
}
