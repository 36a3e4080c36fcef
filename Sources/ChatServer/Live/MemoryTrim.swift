/// Decides when to return freed memory to the system. The allocator keeps the memory of past handshakes and
/// connections: after a surge, much of it lies fragmented between live allocations.
struct MemoryTrim {
    /// Fewer connections than these free too little memory to matter.
    private static let few = 500

    /// The number of connections at the last call, and how many opened or closed since memory was last returned.
    private var last = 0
    private var moved = 0
    /// Calls until memory is returned a second time: the after-effects of a surge last a few seconds.
    private var again = 0

    /// Takes the current number of connections; to be called once a second. Returns true if many have opened or closed
    /// and the number is stable again.
    mutating func isDue(connections: Int) -> Bool {
        defer { last = connections }
        again -= again > 0 ? 1 : 0
        if again == 1 { return true }
        moved += abs(connections - last)
        guard abs(connections - last) < Self.few / 10, moved >= Self.few else { return false }
        moved = 0
        again = 5
        return true
    }
}
