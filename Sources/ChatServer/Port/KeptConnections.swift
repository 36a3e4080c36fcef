import ChatCore
import Synchronization

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

/// The place of one connection among those that are kept for further HTTP requests.
final class KeptPlace: Sendable {
    private let isTaken = Atomic(true)
    private let giveBack: @Sendable () -> Void

    init(giveBack: @escaping @Sendable () -> Void) {
        self.giveBack = giveBack
    }

    /// Gives the place back; no-op if it was given back before.
    func leave() {
        if isTaken.exchange(false, ordering: .relaxed) { giveBack() }
    }
}
