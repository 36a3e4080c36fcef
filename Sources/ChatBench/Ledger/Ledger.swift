/// One receiver's account of the streams it listens to: what is missing, duplicate or out of order.
struct Ledger {
    /// Skipped numbers that are remembered, over all streams; more than these count as missing even if they come late.
    static let longestMemory = 10_000

    private var next: [Int]
    private var skipped: Set<Marker> = []
    private(set) var received = 0
    private(set) var sums = LedgerSums()

    init(streams: Int) {
        next = Array(repeating: 0, count: streams)
    }

    /// Takes a message in; false for a duplicate and for a stream that is not known.
    @inline(__always)
    mutating func take(_ marker: Marker) -> Bool {
        guard marker.stream < next.count else { return false }
        let expected = next[marker.stream]
        guard marker.number == expected else { return takeUnexpected(marker, expected) }
        next[marker.stream] = expected + 1
        received += 1
        return true
    }

    /// Discards the counts; each stream goes on where it is.
    mutating func reset() {
        skipped = []
        received = 0
        sums = LedgerSums()
    }

    /// Counts as missing what has not come by now, given how many messages each stream has sent in all.
    mutating func close(sent: [Int], hears: (Int) -> Bool = { _ in true }) {
        for stream in next.indices where hears(stream) && next[stream] < sent[stream] {
            sums.missing += sent[stream] - next[stream]
            next[stream] = sent[stream]
        }
    }

    private mutating func takeUnexpected(_ marker: Marker, _ expected: Int) -> Bool {
        if marker.number > expected {
            for number in expected..<min(marker.number, expected + Self.longestMemory - skipped.count) {
                skipped.insert(Marker(stream: marker.stream, number: number))
            }
            sums.missing += marker.number - expected
            next[marker.stream] = marker.number + 1
            received += 1
            return true
        }
        guard skipped.remove(marker) != nil else {
            sums.duplicates += 1
            return false
        }
        sums.missing -= 1
        sums.outOfOrder += 1
        received += 1
        return true
    }
}

/// What all receivers' ledgers add up to.
struct LedgerSums: Sendable, Equatable {
    var missing = 0
    var duplicates = 0
    var outOfOrder = 0

    static func += (sums: inout LedgerSums, more: LedgerSums) {
        sums.missing += more.missing
        sums.duplicates += more.duplicates
        sums.outOfOrder += more.outOfOrder
    }
}
