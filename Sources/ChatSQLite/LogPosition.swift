/// Up to which message row a process knows the log, so that it reads only what others have written.
///
/// Its own rows move the position on at once when they follow it; else they wait until the rows of others in
/// between were read. So a server that writes a million messages does not read them when another process rings.
struct LogPosition: Sendable {
    /// Runs of own rows that may be remembered; beyond it the oldest is forgotten and read again, which does no harm.
    private static let longestMemory = 64

    /// All rows up to this id are known.
    private(set) var last: Int64 = 0
    /// Runs of own rows behind `last`, ascending and apart from each other.
    private var own: [ClosedRange<Int64>] = []

    /// Takes rows that this process has committed.
    mutating func add(own ids: ClosedRange<Int64>) {
        guard ids.upperBound > last else { return }
        let index = own.firstIndex { $0.lowerBound > ids.lowerBound } ?? own.endIndex
        if index > 0, own[index - 1].upperBound + 1 >= ids.lowerBound {
            own[index - 1] = own[index - 1].lowerBound...max(own[index - 1].upperBound, ids.upperBound)
        } else {
            own.insert(ids, at: index)
        }
        absorb()
        if own.count > Self.longestMemory { own.removeFirst() }
    }

    /// Takes note that all rows up to `id` were read.
    mutating func move(to id: Int64) {
        last = max(last, id)
        absorb()
    }

    private mutating func absorb() {
        while let first = own.first, first.lowerBound <= last + 1 {
            last = max(last, first.upperBound)
            own.removeFirst()
        }
    }
}
