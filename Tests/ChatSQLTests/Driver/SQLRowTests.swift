import ChatCore
import Testing

@testable import ChatSQL

@Suite struct SQLRowTests {
    private static let rows = SQLRows(
        values: [.integer(7), .text("seven"), .null, .integer(8), .text("admin"), .bytes([1])], width: 3)

    @Test func `values are read row by row`() throws {
        #expect(Self.rows.count == 2)
        #expect(try Self.rows.map { row in try row.integer(0) } == [7, 8])
        #expect(try Self.rows.map { row in try row.text(1) } == ["seven", "admin"])
        #expect(Self.rows.map { $0.isNull(2) } == [true, false])
    }

    @Test func `no rows are empty, whatever their width`() {
        #expect(SQLRows(values: [], width: 0).isEmpty)
        #expect(SQLRows(values: [], width: 5).isEmpty)
    }

    @Test func `an optional is nil for NULL only`() throws {
        #expect(try Self.rows[0].optionalInteger(2) == nil)
        #expect(try Self.rows[0].optionalText(2) == nil)
        #expect(try Self.rows[0].optionalTime(2) == nil)
        #expect(try Self.rows[1].optionalInteger(0) == 8)
        #expect(try Self.rows[1].optionalTime(0) == Timestamp(milliseconds: 8))
        #expect(try Self.rows[1].optionalText(1) == "admin")
    }

    @Test func `a value of another type is a fault that names the column`() {
        let reads: [(Int, (SQLRow) throws(ChatError) -> Void)] = [
            (1, { row throws(ChatError) in _ = try row.integer(1) }),
            (0, { row throws(ChatError) in _ = try row.text(0) }),
            (2, { row throws(ChatError) in _ = try row.integer(2) }),
            (1, { row throws(ChatError) in _ = try row.time(1) }),
            (0, { row throws(ChatError) in _ = try row.optionalText(0) }),
        ]
        for (column, read) in reads {
            let error = #expect(throws: ChatError.self) { try read(Self.rows[0]) }
            #expect(error?.code == .fault && error?.message.contains("column \(column)") == true)
        }
    }

    @Test func `an enum is read from its text, and an unknown text is a fault`() throws {
        #expect(try Self.rows[1].choice(1, of: SiteRole.self) == .admin)
        let error = #expect(throws: ChatError.self) { try Self.rows[0].choice(1, of: SiteRole.self) }
        #expect(error?.code == .fault && error?.message.contains("'seven'") == true)
    }

    @Test(arguments: [.max, .min, (1 << 53) + 1] as [Int64]) func `a number out of range is damage, not a trap`(
        number: Int64
    ) {
        let rows = SQLRows(values: [.integer(number)], width: 1)
        #expect(throws: ChatError.self) { try rows[0].integer(0) }
        #expect(throws: ChatError.self) { try rows[0].optionalInteger(0) }
        #expect(throws: ChatError.self) { try rows[0].time(0) }
    }

    @Test(arguments: [-62_135_596_800_001, 253_402_300_800_000] as [Int64])
    func `a time is one that can be written`(milliseconds: Int64) {
        #expect(throws: ChatError.self) {
            try SQLRows(values: [.integer(milliseconds)], width: 1)[0].time(0)
        }
    }
}
