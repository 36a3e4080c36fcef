import CLinux
import ChatCore
import Dispatch
import NIOCore
import Synchronization

/// State shared by all live connections of a server.
final class LiveContext: Sendable {
    let chat: Chat
    let hubs: [LiveHub]
    private let hubByLoop: [ObjectIdentifier: LiveHub]
    private let trim = Mutex(MemoryTrim())
    private let background = DispatchQueue(label: "chatctl.memory", qos: .background)

    init(chat: Chat, group: any EventLoopGroup) {
        self.chat = chat
        hubs = group.makeIterator().map { LiveHub(loop: $0, chat: chat) }
        hubByLoop = Dictionary(uniqueKeysWithValues: hubs.map { (ObjectIdentifier($0.loop), $0) })
    }

    func hub(of loop: any EventLoop) -> LiveHub? { hubByLoop[ObjectIdentifier(loop)] }

    /// Starts the timers that fire once a second.
    func startTimers() {
        for hub in hubs { hub.startHeartbeat() }
        hubs.first?.loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in self.trimMemory() }
    }

    /// Returns memory to the system after many connections have closed.
    private func trimMemory() {
        guard trim.withLock({ $0.isDue(connections: chat.connectionCount) }) else { return }
        Task { [chat, background] in
            await chat.releaseMemory()
            background.async { malloc_trim(0) }
        }
    }
}
