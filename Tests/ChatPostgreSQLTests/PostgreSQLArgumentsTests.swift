import ChatSQL
import Testing

@testable import ChatPostgreSQL

@Suite struct PostgreSQLArgumentsTests {
    /// What libpq would see: the bytes of each argument, nil for NULL, with its format.
    private func seen(_ arguments: [SQLValue]) -> [(bytes: [UInt8]?, format: CInt)] {
        PostgreSQLArguments(arguments).withPointers { values, lengths, formats in
            arguments.indices.map { index in
                let bytes = values?[index].map { start in
                    (0..<Int(lengths?[index] ?? 0)).map { UInt8(bitPattern: start[$0]) }
                }
                return (bytes, formats?[index] ?? -1)
            }
        }
    }

    @Test func `numbers and texts go as text, bytes as they are, NULL as no pointer`() {
        let seen = seen([.integer(-42), .text("grün"), .bytes([0, 255, 0]), .null, .text(""), .bytes([])])
        #expect(
            seen.map(\.bytes) == [
                Array("-42".utf8), Array("grün".utf8), [0, 255, 0], nil, [], [],
            ])
        #expect(seen.map(\.format) == [0, 0, 1, 0, 0, 1])
    }

    @Test func `a text ends with a zero byte, which libpq looks for`() {
        PostgreSQLArguments([.text("ab"), .text("cd")]).withPointers { values, _, _ in
            #expect(values?[0]?[2] == 0 && values?[1]?[2] == 0)
        }
    }

    @Test func `the extremes of numbers keep all digits`() {
        #expect(
            seen([.integer(.max), .integer(.min)]).map { String(decoding: $0.bytes ?? [], as: UTF8.self) } == [
                "9223372036854775807", "-9223372036854775808",
            ])
    }

    @Test func `no arguments are none`() {
        #expect(seen([]).isEmpty)
    }
}
