import ChatSQL
import Testing

@testable import ChatPostgreSQL

@Suite struct SQLValuePostgreSQLTests {
    @Test(
        arguments: [
            ([0x00, 0x07], 7), ([0xff, 0xff], -1), ([0x80, 0x00], -32_768), ([0x00, 0x00, 0x01, 0x00], 256),
            ([0xff, 0xff, 0xff, 0xfe], -2), ([0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], .max),
            ([0x80, 0, 0, 0, 0, 0, 0, 0], .min), ([0, 0, 0, 0, 0, 0, 1, 0], 256),
        ] as [([UInt8], Int64)])
    func `big-endian numbers of two, four and eight bytes keep their sign`(bytes: [UInt8], number: Int64) {
        #expect(bytes.withUnsafeBytes { SQLValue.integer($0) } == number)
    }
}
