// The index of search: a Bloom filter (B. H. Bloom, 1970) of the sequences of three and of six bytes, the grams, in a block of
// messages. A block that lacks one gram of a pattern cannot hold the pattern and is skipped; the messages of the others are
// read and compared. Short grams serve short patterns; nearly every block has all short grams of a phrase, but few have its
// long ones. A filter costs some 64 bytes a message, is computed in about a microsecond a message, and means the same on
// every database. Refused: FTS5 and pg_trgm, which find faster but cost a message 250 bytes and ten times the time to
// insert, and fold case differently.

/// Which grams a block of messages may hold: false positives are possible, false negatives are not.
struct GramFilter: Equatable, Sendable {
    /// A power of two in length. Bit `n` is bit `n % 8` of byte `n / 8`, as in PostgreSQL's `get_bit`.
    private(set) var bytes: [UInt8]

    /// - Parameter text: about how many bytes of text will be added.
    init(bytesOfText text: Int) {
        var size = 128
        while size < Self.bytesAtMost, size < text { size *= 2 }
        bytes = Array(repeating: 0, count: size)
    }

    /// A filter read from the database; nil if no filter has this length.
    init?(bytes: [UInt8]) {
        guard bytes.count.nonzeroBitCount == 1 else { return nil }
        self.bytes = bytes
    }

    static let bytesAtMost = 65_536

    mutating func add(_ text: FoldedText) {
        let mask = UInt32(bytes.count * 8 - 1)
        var bits = bytes.mutableSpan
        for length in [Gram.short, Gram.long] {
            Gram.forEach(in: text, length: length) { gram in
                let (first, second) = gram.bits
                bits[Int((first & mask) >> 3)] |= 1 << UInt8(first & 7)
                bits[Int((second & mask) >> 3)] |= 1 << UInt8(second & 7)
            }
        }
    }

    /// The bits, before the filter's length is known, that a block holding `pattern` has set; empty for a pattern shorter
    /// than any gram. Of a long pattern, grams from all its parts.
    static func bits(of pattern: FoldedText) -> [UInt32] {
        var grams: [Gram] = []
        Gram.forEach(in: pattern, length: pattern.bytes.count < Gram.long ? Gram.short : Gram.long) { grams.append($0) }
        let step = max(1, grams.count / gramsOfPattern)
        return stride(from: 0, to: grams.count, by: step).prefix(gramsOfPattern).flatMap { index in
            let (first, second) = grams[index].bits
            return [first, second]
        }
    }

    private static let gramsOfPattern = 16
}

/// Some bytes in a row, as one number.
private struct Gram {
    static let short = 3
    static let long = 6

    let value: UInt64

    /// Calls `body` with all grams of one length, in order.
    static func forEach(in text: FoldedText, length: Int, _ body: (Gram) -> Void) {
        let mask = ((1 as UInt64) << UInt64(length * 8)) - 1
        var value: UInt64 = 0
        var before = length - 1
        for byte in text.bytes {
            value = (value << 8 | UInt64(byte)) & mask
            if before > 0 { before -= 1 } else { body(Gram(value: value)) }
        }
    }

    /// Two bits of the filter, from a mixed 64-bit hash (the finalizer of MurmurHash3).
    var bits: (UInt32, UInt32) {
        var hash = value ^ value >> 33
        hash &*= 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        hash &*= 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        return (UInt32(truncatingIfNeeded: hash) & 0x7fff_ffff, UInt32(truncatingIfNeeded: hash >> 32) & 0x7fff_ffff)
    }
}
