import ChatCore
import NIOCore
import NIOPosix

// Each room has a channel. A node subscribes to it while somebody on the node follows the room. Rooms are spread over
// several servers by rendezvous hashing: each room goes to the server with the highest score, so that a server which is
// added or removed moves only the rooms that it gets or had. Redis stores nothing; what it loses is in the log.

/// The high-volume route through Redis: frames of new messages, typing and presence.
package final class RedisBus: HighVolumeBus {
    private let servers: [RedisServer]
    /// Identifies this process, whose own payloads come back from Redis and are dropped.
    private let origin = UInt64.random(in: 0...UInt64.max)

    /// - Parameter epoch: identifies the installation among all that use the same Redis.
    package init(_ addresses: [RedisAddress], epoch: String) {
        // An event loop of its own: decoding what others publish must not delay the sockets of the server.
        let (loop, prefix) = (MultiThreadedEventLoopGroup.singleton.next(), "chatctl:\(epoch):")
        servers = addresses.map { RedisServer($0, on: loop, prefix: prefix) }
    }

    /// - Throws: `unavailable` when a server cannot be reached within ``Limits/connect``.
    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        for server in servers {
            server.listen { [origin] news in
                switch news {
                case .payload(let payload, let room):
                    receive(RedisPayload.decode(payload, in: room, besides: origin) ?? [.check(room)])
                case .subscribed(let room): receive([.check(room)])
                case .reconnected: receive([.gap])
                }
            }
        }
        for server in servers { try await server.ready() }
    }

    func follow(_ room: RoomID) { server(of: room)?.follow(room) }

    func unfollow(_ room: RoomID) { server(of: room)?.unfollow(room) }

    /// Sends a batch in parts of at most ``Limits/busMessageBytes``.
    func publish(_ batch: MessageBatch) async -> Bool {
        for part in batch.parts(ofAtMost: Limits.busMessageBytes) {
            guard await publish(.batch(part), in: batch.room) else { return false }
        }
        return true
    }

    func publish(_ event: Event) async -> Bool {
        guard let (room, payload) = RedisPayload.highVolume(event) else { return false }
        return await publish(payload, in: room)
    }

    func fault() -> ChatError? { servers.lazy.compactMap(\.fault).first }

    func stop() async {
        for server in servers { await server.end() }
    }

    private func publish(_ payload: RedisPayload, in room: RoomID) async -> Bool {
        guard let server = server(of: room) else { return false }
        return await server.publish(payload.encoded(from: origin), in: room)
    }

    private func server(of room: RoomID) -> RedisServer? {
        servers.count == 1 ? servers[0] : servers.max { $0.score(of: room) < $1.score(of: room) }
    }
}
