// Compresses the assets once, when the server starts, so that the first load of a page is small. One method of DEFLATE is
// enough for a few files of text: the longest match within 32 KiB, found by a hash of three bytes, written with the fixed
// codes (RFC 1951 §3.2.6). Codes made for the content would save another tenth and need twice the text; zlib would be one
// more library.

/// Compression of a file for `Content-Encoding: gzip` (RFC 1952).
enum Gzip {
    /// The bytes as a gzip file of one member, without name and time, so that equal bytes give equal files.
    static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        bits.bytes = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]
        bits.write(0b011, count: 3)
        Matches(bytes).forEach { bits.write($0) }
        bits.writeCode(256)
        bits.finish()
        return bits.bytes + littleEndian(checksum(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// CRC-32 as RFC 1952 §8 has it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xedb8_8320 : rest >> 1 }
        }
    }

    private static func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}

/// A part of a compressed text: a byte, or the repetition of what stood a distance before.
private enum Symbol {
    case literal(UInt8)
    case match(length: Int, distance: Int)
}

/// Splits bytes into literals and matches.
private struct Matches {
    private static let window = 32_768
    private static let longest = 258
    /// How many earlier places with the same three bytes are compared.
    private static let attempts = 64
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func forEach(_ body: (Symbol) -> Void) {
        var heads = [Int](repeating: -1, count: 1 << 15)
        var earlier = [Int](repeating: -1, count: bytes.count)
        var index = 0
        while index < bytes.count {
            let (length, distance) = longestMatch(at: index, from: head(at: index, in: heads), earlier)
            body(length >= 3 ? .match(length: length, distance: distance) : .literal(bytes[index]))
            for place in index..<(index + max(1, length >= 3 ? length : 1)) where place + 2 < bytes.count {
                earlier[place] = heads[hash(at: place)]
                heads[hash(at: place)] = place
            }
            index += length >= 3 ? length : 1
        }
    }

    private func head(at index: Int, in heads: [Int]) -> Int {
        index + 2 < bytes.count ? heads[hash(at: index)] : -1
    }

    private func hash(at index: Int) -> Int {
        (Int(bytes[index]) << 10 ^ Int(bytes[index + 1]) << 5 ^ Int(bytes[index + 2])) & 0x7fff
    }

    private func longestMatch(at index: Int, from head: Int, _ earlier: [Int]) -> (length: Int, distance: Int) {
        var best = (length: 0, distance: 0)
        var candidate = head
        var attempts = Self.attempts
        while candidate >= 0, index - candidate <= Self.window, attempts > 0 {
            let length = commonLength(candidate, index)
            if length > best.length { best = (length, index - candidate) }
            candidate = earlier[candidate]
            attempts -= 1
        }
        return best
    }

    private func commonLength(_ first: Int, _ second: Int) -> Int {
        let most = min(Self.longest, bytes.count - second)
        var length = 0
        while length < most, bytes[first + length] == bytes[second + length] { length += 1 }
        return length
    }
}

/// Writes symbols with the fixed codes, lowest bit first.
private struct BitWriter {
    var bytes: [UInt8] = []
    private var held: UInt32 = 0
    private var count = 0

    /// The smallest length and distance of each code, and its extra bits (RFC 1951 §3.2.5).
    private static let lengths = ranges(from: 3, codes: 28, perStep: 4) + [(least: 258, extra: 0)]
    private static let distances = ranges(from: 1, codes: 30, perStep: 2)

    private static func ranges(from first: Int, codes: Int, perStep: Int) -> [(least: Int, extra: Int)] {
        var least = first
        return (0..<codes).map { code in
            let extra = max(0, code / perStep - 1)
            defer { least += 1 << extra }
            return (least, extra)
        }
    }

    mutating func write(_ symbol: Symbol) {
        switch symbol {
        case .literal(let byte):
            writeCode(Int(byte))
        case .match(let length, let distance):
            let lengthCode = Self.lengths.lastIndex { $0.least <= length } ?? 0
            writeCode(257 + lengthCode)
            write(length - Self.lengths[lengthCode].least, count: Self.lengths[lengthCode].extra)
            let distanceCode = Self.distances.lastIndex { $0.least <= distance } ?? 0
            writeReversed(distanceCode, count: 5)
            write(distance - Self.distances[distanceCode].least, count: Self.distances[distanceCode].extra)
        }
    }

    /// A literal, a length or the end of the block (256).
    mutating func writeCode(_ code: Int) {
        switch code {
        case ..<144: writeReversed(0b0011_0000 + code, count: 8)
        case ..<256: writeReversed(0b1_1001_0000 + code - 144, count: 9)
        case ..<280: writeReversed(code - 256, count: 7)
        default: writeReversed(0b1100_0000 + code - 280, count: 8)
        }
    }

    /// Codes stand with their highest bit first, all else with the lowest.
    private mutating func writeReversed(_ code: Int, count: Int) {
        write((0..<count).reduce(0) { $0 << 1 | code >> $1 & 1 }, count: count)
    }

    mutating func write(_ value: Int, count: Int) {
        held |= UInt32(value) << self.count
        self.count += count
        while self.count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
            self.count -= 8
        }
    }

    mutating func finish() { write(0, count: (8 - count) % 8) }
}
