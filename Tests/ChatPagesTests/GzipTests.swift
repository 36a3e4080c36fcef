import Testing

@testable import ChatPages

// Compressed with this code and read back by a small inflater of the fixed codes; the browser tests read it with zlib.

@Suite struct GzipTests {
    @Test(arguments: [0, 1, 2, 3, 257, 258, 259, 300, 5_000, 70_000])
    func `what was compressed reads back as it was`(count: Int) throws {
        let words = Array("const message = window.list.at(-1); // as it comes in\n".utf8)
        for bytes in [
            (0..<count).map { words[$0 % words.count] }, (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) },
            [UInt8](repeating: 255, count: count),
        ] {
            #expect(try Inflater.inflated(Gzip.compressed(bytes)) == bytes)
        }
    }

    @Test func `text becomes much shorter`() {
        let text = [UInt8](String(repeating: "a message that comes again and again. ", count: 200).utf8)
        #expect(Gzip.compressed(text).count < text.count / 20)
    }

    @Test func `the checksum is that of RFC 1952`() {
        #expect(Gzip.checksum(Array("123456789".utf8)) == 0xcbf4_3926)
    }
}

/// Reads gzip files that hold one block with the fixed codes.
private struct Inflater {
    private struct Broken: Error {}
    private let bytes: [UInt8]
    private var position = 80
    private var output: [UInt8] = []

    static func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
        var inflater = Inflater(bytes: bytes)
        return try inflater.read()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func bit() throws -> Int {
        guard position / 8 < bytes.count else { throw Broken() }
        defer { position += 1 }
        return Int(bytes[position / 8] >> (position % 8) & 1)
    }

    private mutating func number(_ count: Int) throws -> Int {
        var number = 0
        for index in 0..<count { number |= try bit() << index }
        return number
    }

    private mutating func code() throws -> Int {
        var code = 0
        for _ in 0..<7 { code = code << 1 | (try bit()) }
        if code <= 0b001_0111 { return 256 + code }
        code = code << 1 | (try bit())
        if code <= 0b1011_1111 { return code - 0b0011_0000 }
        if code <= 0b1100_0111 { return 280 + code - 0b1100_0000 }
        return 144 + (code << 1 | (try bit())) - 0b1_1001_0000
    }

    private mutating func read() throws -> [UInt8] {
        guard try number(3) == 0b011 else { throw Broken() }
        while true {
            let code = try self.code()
            if code == 256 { break }
            if code < 256 { output.append(UInt8(code)) } else { try copy(lengthCode: code - 257) }
        }
        let end = (position + 7) / 8
        guard bytes.count == end + 8, output.count == (0..<4).reduce(0, { $0 | Int(bytes[end + 4 + $1]) << ($1 * 8) })
        else { throw Broken() }
        return output
    }

    private mutating func copy(lengthCode: Int) throws {
        let lengths = [
            3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
            227,
            258,
        ]
        let lengthBits = lengthCode < 8 || lengthCode == 28 ? 0 : lengthCode / 4 - 1
        let length = lengths[lengthCode] + (try number(lengthBits))
        var distanceCode = 0
        for _ in 0..<5 { distanceCode = distanceCode << 1 | (try bit()) }
        let bits = max(0, distanceCode / 2 - 1)
        let least = distanceCode < 2 ? distanceCode + 1 : ((2 + distanceCode % 2) << bits) + 1
        let distance = least + (try number(bits))
        guard distance <= output.count else { throw Broken() }
        for _ in 0..<length { output.append(output[output.count - distance]) }
    }
}
