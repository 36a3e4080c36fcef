/// Decides when freed memory is worth giving back to the system: the allocator keeps what 10,000 connections left.
struct MemoryTrim {
    /// Fewer connections than these hold so little that nobody misses it.
    private static let few = 500

    private var peak = 0

    /// Takes the present number of connections. Whether most of those at the last peak have gone and no more are going.
    mutating func isDue(connections: Int, before: Int) -> Bool {
        peak = max(peak, connections)
        guard peak >= Self.few, connections < peak / 2, connections >= before - Self.few / 10 else { return false }
        peak = connections
        return true
    }
}
