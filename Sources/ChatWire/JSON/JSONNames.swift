/// The names of one JSON object that were seen so far. Names are equal if their bytes are: the equality of Swift's strings
/// would also hold for different spellings of an accented letter.
struct JSONNames {
    /// How many names are compared one by one, which is faster for the few names of a frame.
    private static let few = 16

    private var first: [String] = []
    private var others: Set<[UInt8]> = []

    /// Returns false if the name was seen before.
    mutating func insert(_ name: String) -> Bool {
        guard !first.contains(where: { $0 == name && $0.utf8.elementsEqual(name.utf8) }) else { return false }
        if first.count == Self.few { return others.insert(Array(name.utf8)).inserted }
        if first.isEmpty { first.reserveCapacity(Self.few) }
        first.append(name)
        return true
    }
}
