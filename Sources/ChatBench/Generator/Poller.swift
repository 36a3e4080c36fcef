import CLinux
import ChatCore
import Glibc

/// Waits for many sockets at once with epoll(7); confined to one thread.
final class Poller {
    private let descriptor: Int32
    private var events = [epoll_event](repeating: epoll_event(), count: 1_024)

    /// - Throws: `unavailable` when the process has no descriptor left.
    init() throws(ChatError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw ChatError(.unavailable, "epoll: \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// Watches a socket for reading, and for writing too while `writes` is set.
    func watch(_ socket: LoadSocket, writes: Bool, isNew: Bool) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (writes ? EPOLLOUT.rawValue : 0)
        event.data.u32 = UInt32(socket.index)
        epoll_ctl(descriptor, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket.descriptor, &event)
    }

    /// Calls `ready` for each socket that has an event; returns without one after `milliseconds`.
    func wait(milliseconds: Int32, _ ready: (_ index: Int, _ canRead: Bool, _ canWrite: Bool) -> Void) {
        let count = epoll_wait(descriptor, &events, Int32(events.count), milliseconds)
        guard count > 0 else { return }
        for event in events[..<Int(count)] {
            let bits = event.events
            // An error or a hang-up is learned by reading.
            ready(Int(event.data.u32), bits & ~EPOLLOUT.rawValue != 0, bits & EPOLLOUT.rawValue != 0)
        }
    }
}
