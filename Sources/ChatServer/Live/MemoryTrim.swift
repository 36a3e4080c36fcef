/// Decides when freed memory is worth giving back to the system. The allocator keeps what handshakes and connections
/// have left: after a storm of either much of it lies between what is still in use.
struct MemoryTrim {
    /// Fewer connections than these leave so little that nobody misses it.
    private static let few = 500

    /// At the last look, and how many have come and gone since memory was last given back.
    private var last = 0
    private var moved = 0
    /// Looks until memory is given back once more: what a storm set off goes on for a few seconds.
    private var again = 0

    /// Takes the present number of connections, once a second. Whether many have come or gone and that has ended.
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
