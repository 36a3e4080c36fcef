import CLinux
import ChatCore
import Dispatch
import NIOCore
import Synchronization

/// What all live connections of a server share.
final class LiveContext: Sendable {
    let chat: Chat
    let presence: NodePresence
    let hubs: [LiveHub]
    /// Names this database's log (contract §3).
    let epoch: String
    private let hubByLoop: [ObjectIdentifier: LiveHub]
    private let connectionCounts = Mutex<[UserID: Int]>([:])
    private let trim = Mutex(MemoryTrim())
    private let background = DispatchQueue(label: "chatctl.memory", qos: .background)

    init(chat: Chat, presence: NodePresence, group: any EventLoopGroup, epoch: String) {
        self.chat = chat
        self.presence = presence
        self.epoch = epoch
        hubs = group.makeIterator().map { LiveHub(loop: $0, delivery: chat.delivery, clock: chat.clock) }
        hubByLoop = Dictionary(uniqueKeysWithValues: hubs.map { (ObjectIdentifier($0.loop), $0) })
        chat.delivery.add(hubs)
    }

    func hub(of loop: any EventLoop) -> LiveHub? { hubByLoop[ObjectIdentifier(loop)] }

    /// Counts a connection of a user.
    ///
    /// - Throws: `rateLimited` when a user who is no administrator holds as many as they may.
    func admit(_ user: User) throws(ChatError) {
        let isAdmitted = connectionCounts.withLock { counts in
            guard user.isAdmin || counts[user.id, default: 0] < Limits.connectionsPerUser else { return false }
            counts[user.id, default: 0] += 1
            return true
        }
        guard isAdmitted else {
            throw ChatError(
                .rateLimited, "connections: user \(user.username) holds \(Limits.connectionsPerUser) already",
                retryAfter: .seconds(1))
        }
    }

    /// Gives memory back to the system when many connections have gone; asked once a second.
    func trimMemory() {
        let connections = connectionCounts.withLock { $0.values.reduce(0, +) }
        guard trim.withLock({ $0.isDue(connections: connections) }) else { return }
        Task { [store = chat.store, background] in
            await store.releaseMemory()
            background.async { malloc_trim(0) }
        }
    }

    func release(_ user: User) {
        connectionCounts.withLock { counts in
            let left = (counts[user.id] ?? 1) - 1
            counts[user.id] = left > 0 ? left : nil
        }
    }
}
