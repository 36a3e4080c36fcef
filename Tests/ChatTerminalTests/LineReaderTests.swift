import ChatTerminal
import ChatTestKit
import Testing

@Suite struct LineReaderTests {
    private func lines(_ pieces: [String], limit: Int = 100) throws -> [String?] {
        var reader = LineReader(TextInput(pieces.map { Array($0.utf8) }), limit: limit)
        var lines: [String?] = []
        while let line = try reader.next() {
            if case .text(let bytes) = line {
                lines.append(String(decoding: bytes, as: UTF8.self))
            } else {
                lines.append(nil)
            }
        }
        return lines
    }

    @Test(arguments: [
        ([], []), (["a\n"], ["a"]), (["a"], ["a"]), (["a\nb"], ["a", "b"]), (["a\r\nb\r\n"], ["a", "b"]),
        (["\n\n"], ["", ""]), (["a", "b\nc", "\n"], ["ab", "c"]), (["a\r", "\nb"], ["a", "b"]),
        (["a\rb\n"], ["a\rb"]),
    ])
    func `lines end with LF or CRLF, and the last one may lack its end`(pieces: [String], expected: [String]) throws {
        #expect(try lines(pieces) == expected)
    }

    @Test func `a line of the limit passes, a longer one is told apart`() throws {
        #expect(try lines(["abc\nd\n"], limit: 3) == ["abc", "d"])
        #expect(try lines(["abc\r\n"], limit: 3) == ["abc"])
        #expect(try lines(["abcd\ne\n"], limit: 3) == [nil, "e"])
        #expect(try lines(["abcd"], limit: 3) == [nil])
    }

    @Test func `a line without end takes no more memory than the limit`() throws {
        // Each read gives 10 bytes; what comes after the limit is not read.
        let input = TextInput(Array(repeating: [UInt8](repeating: 97, count: 10), count: 100))
        var reader = LineReader(input, limit: 25)
        #expect(try reader.next() == .tooLong)
        #expect(try reader.next() == nil)
        #expect(try input.readAll(upTo: 1_000)?.count == 970)
    }
}
