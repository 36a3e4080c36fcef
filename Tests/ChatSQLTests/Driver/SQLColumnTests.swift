import ChatCore
import Testing

@testable import ChatSQL

@Suite struct SQLColumnTests {
    private enum First: Int, SQLColumn {
        case number, name

        var sql: String {
            switch self {
            case .number: "a.number"
            case .name: "COALESCE(a.name, '')"
            }
        }
    }

    private enum Second: Int, SQLColumn {
        case role, at

        var sql: String { self == .role ? "role" : "at" }
    }

    @Test func `a list has all columns in the order of the cases`() {
        #expect(First.list() == "a.number, COALESCE(a.name, '')")
        #expect(Second.list(prefix: "b.") == "b.role, b.at")
    }

    @Test func `a case reads the value that its place in the list selects`() throws {
        let rows = SQLRows(values: [.integer(1), .text("one"), .text("user"), .null], width: 4)
        let row = rows[0]
        #expect(try row.integer(First.number) == 1 && row.text(First.name) == "one")
        let rest = row.after(First.self)
        let role: SiteRole = try rest.choice(Second.role)
        #expect(try role == .user && rest.optionalTime(Second.at) == nil && rest.isNull(Second.at))
        #expect(try rest.optionalInteger(Second.at) == nil)
    }

    @Test func `no column is selected twice`() {
        func isDistinct<Column: SQLColumn>(_ columns: Column.Type) -> Bool {
            Set(columns.allCases.map(\.sql)).count == columns.allCases.count
                && columns.allCases.map(\.rawValue) == Array(0..<columns.allCases.count)
        }
        #expect(isDistinct(User.Column.self) && isDistinct(Token.Column.self) && isDistinct(Room.Column.self))
        #expect(isDistinct(Message.Column.self) && isDistinct(RoomReference.Column.self))
        #expect(isDistinct(RoomAccess.Column.self) && isDistinct(Member.Column.self))
        #expect(isDistinct(OnlineUser.Column.self) && isDistinct(AuditEntry.Column.self))
    }
}
