import CLinux
import ChatCore
import ChatHTTP
import Dispatch
import NIOCore
import Synchronization

/// State shared by all live connections of a server.
final class LiveContext: Sendable {
    let chat: Chat
    let hubs: [LiveHub]
    private let proxies: TrustedProxies
    private let hubByLoop: [ObjectIdentifier: LiveHub]
    private let trim = Mutex(MemoryTrim())
    private let kept = Mutex(KeptConnections())
    /// Connections of any kind since the start, and as many more as would have held the memory of abandoned queues.
    let accepted = Atomic(0)
    private let background = DispatchQueue(label: "chatctl.memory", qos: .background)

    init(chat: Chat, group: any EventLoopGroup, proxies: TrustedProxies = TrustedProxies()) {
        self.chat = chat
        self.proxies = proxies
        hubs = group.makeIterator().enumerated().map { LiveHub(loop: $1, number: $0 + 1, chat: chat) }
        hubByLoop = Dictionary(uniqueKeysWithValues: hubs.map { (ObjectIdentifier($0.loop), $0) })
    }

    func hub(of loop: any EventLoop) -> LiveHub? { hubByLoop[ObjectIdentifier(loop)] }

    /// Counts a connection that is kept for further requests; beyond the limits it closes after its next answer.
    func keep(_ channel: any Channel, _ watch: RequestWatch) -> KeptPlace {
        let address = channel.remoteAddress?.ipAddress ?? "unknown"
        watch.closesAfterAnswer = !kept.withLock { $0.add(address, isShared: proxies.trusts(address)) }
        let place = KeptPlace { self.kept.withLock { $0.remove(address) } }
        channel.closeFuture.whenComplete { _ in place.leave() }
        return place
    }

    /// Notes that a connection ended with this many bytes in its queue.
    func abandoned(bytes: Int) {
        if bytes >= MemoryTrim.connectionBytes {
            accepted.add(bytes / MemoryTrim.connectionBytes, ordering: .relaxed)
        }
    }

    /// Starts the timers that fire once a second.
    func startTimers() {
        for hub in hubs { hub.startHeartbeat() }
        hubs.first?.loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in self.trimMemory() }
    }

    /// Returns memory to the system after many connections have closed.
    private func trimMemory() {
        guard
            trim.withLock({
                $0.isDue(connections: chat.connectionCount, accepted: accepted.load(ordering: .relaxed))
            })
        else { return }
        Task { [chat, background] in
            await chat.releaseMemory()
            background.async { malloc_trim(0) }
        }
    }
}
