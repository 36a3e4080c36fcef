/// How far a process knows the log by row id, so that it reads only what others have written.
///
/// Own rows that follow the position advance it at once; others wait until the rows in between have been read. So a
/// server that writes a million messages does not read them back when another process commits.
struct LogPosition: Sendable {
    /// Ranges of own rows to remember. Beyond that the oldest is forgotten and read again, which does no harm.
    private static let longestMemory = 64

    /// All rows up to this id are known.
    private(set) var last: Int64 = 0
    /// Ranges of own rows after `last`, ascending and not adjacent.
    private var own: [ClosedRange<Int64>] = []

    /// Adds rows that this process has committed.
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

    /// Notes that all rows up to `id` have been read.
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
