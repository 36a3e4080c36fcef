import ChatCore

/// Counts connections that are kept for further HTTP requests, by address and in all.
struct KeptConnections {
    private var byAddress: [String: Int] = [:]
    private var total = 0

    /// Counts a connection. Returns false if there are too many for it to be kept after its first answer.
    ///
    /// - Parameter isShared: true for the address of a proxy, behind which are many clients.
    mutating func add(_ address: String, isShared: Bool = false) -> Bool {
        total += 1
        byAddress[address, default: 0] += 1
        return total <= Limits.keptConnections
            && (isShared || byAddress[address, default: 0] <= Limits.keptConnectionsPerAddress)
    }

    mutating func remove(_ address: String) {
        total -= 1
        byAddress[address, default: 1] -= 1
        if byAddress[address] == 0 { byAddress[address] = nil }
    }
}
