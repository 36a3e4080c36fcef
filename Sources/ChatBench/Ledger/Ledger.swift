/// One receiver's account of the streams it hears: what is missing, came twice or out of order.
struct Ledger {
    /// Numbers remembered as passed over, over all streams; more than these count as missing for good.
    private static let longestMemory = 10_000

    private var next: [Int]
    private var passedOver: Set<Key> = []
    private(set) var received = 0
    private(set) var sums = LedgerSums()

    private struct Key: Hashable {
        let stream: Int
        let number: Int
    }

    init(streams: Int) {
        next = Array(repeating: 0, count: streams)
    }

    /// Takes a message in. Whether it is the first time that it comes.
    @inline(__always)
    mutating func take(_ marker: Marker) -> Bool {
        guard marker.stream < next.count else { return false }
        let expected = next[marker.stream]
        guard marker.number == expected else { return takeUnexpected(marker, expected) }
        next[marker.stream] = expected + 1
        received += 1
        return true
    }

    /// What came so far does not count.
    mutating func forget() {
        passedOver = []
        received = 0
        sums = LedgerSums()
    }

    /// Says how many each stream has sent in all: what has not come by now is missing.
    mutating func close(sent: [Int], heard: (Int) -> Bool) {
        for stream in next.indices where heard(stream) && next[stream] < sent[stream] {
            sums.missing += sent[stream] - next[stream]
            next[stream] = sent[stream]
        }
    }

    private mutating func takeUnexpected(_ marker: Marker, _ expected: Int) -> Bool {
        if marker.number > expected {
            for number in expected..<marker.number where passedOver.count < Self.longestMemory {
                passedOver.insert(Key(stream: marker.stream, number: number))
            }
            sums.missing += marker.number - expected
            next[marker.stream] = marker.number + 1
            received += 1
            return true
        }
        guard passedOver.remove(Key(stream: marker.stream, number: marker.number)) != nil else {
            sums.duplicates += 1
            return false
        }
        sums.missing -= 1
        sums.outOfOrder += 1
        received += 1
        return true
    }
}
