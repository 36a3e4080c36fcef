/// Decides when to return freed memory to the system. The allocator keeps the memory of past handshakes and
/// connections: after a surge, much of it lies fragmented between live allocations.
struct MemoryTrim {
    /// Fewer connections than these free too little memory to matter.
    private static let few = 500
    /// What an idle connection costs.
    static let connectionBytes = 4_096

    /// The numbers at the last call, and how many connections opened or closed since memory was last returned.
    private var last = 0
    private var lastAccepted = 0
    private var moved = 0
    /// Calls until memory is returned a second time: the after-effects of a surge last a few seconds.
    private var again = 0

    /// Takes the current number of live connections, and how many of any kind were accepted so far; to be called once a
    /// second. Returns true if many have come or gone and it is quiet again, or very many and it is not.
    mutating func isDue(connections: Int, accepted: Int) -> Bool {
        let change = max(abs(connections - last), accepted - lastAccepted)
        (last, lastAccepted) = (connections, accepted)
        again -= again > 0 ? 1 : 0
        if again == 1 { return true }
        moved += change
        guard change < Self.few / 10 && moved >= Self.few || moved >= 40 * Self.few else { return false }
        moved = 0
        again = 5
        return true
    }
}
