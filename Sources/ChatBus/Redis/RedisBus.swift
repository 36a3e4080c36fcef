import ChatCore
import NIOCore
import NIOPosix
import Synchronization

// Each room has a channel, which a node subscribes to while somebody listens to the room there. Rooms are spread over
// several servers by rendezvous hashing: each room goes to the server with the highest mark, so a server that is added
// or taken away moves only the rooms that it gets or had. Redis keeps nothing, so nothing of it can be wrong: what it
// loses is in the log.

/// What goes fast between nodes: the frames of new messages, typing and presence, through Redis.
package final class RedisBus: Sendable {
    private let servers: [RedisServer]
    /// Names this process, so that it does not hear itself.
    private let origin = UInt64.random(in: 0...UInt64.max)

    /// - Parameter epoch: what names the installation, and keeps it apart from others that use the same Redis.
    package init(_ addresses: [RedisAddress], epoch: String) {
        // A thread beside the server's own: parsing what others publish holds up no socket.
        let (loop, prefix) = (MultiThreadedEventLoopGroup.singleton.next(), "chatctl:\(epoch):")
        servers = addresses.map { RedisServer($0, on: loop, prefix: prefix) }
    }

    /// Begins to bring what others publish in the rooms that are followed.
    ///
    /// - Throws: `unavailable` when a server cannot be reached within ``Limits/connect``.
    package func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        for server in servers {
            server.hear { [origin] room, payload in
                receive(payload.map { RedisPayload.decode($0, in: room, besides: origin) ?? [.check(room)] } ?? [.gap])
            } subscribed: { room in
                receive([.check(room)])
            }
        }
        for server in servers { try await server.ready() }
    }

    package func follow(_ room: RoomID) { server(of: room)?.follow(room) }

    package func unfollow(_ room: RoomID) { server(of: room)?.unfollow(room) }

    /// Sends a batch, cut into parts of at most ``Limits/busMessageBytes``. False when some of it could not be sent.
    package func publish(_ batch: MessageBatch) async -> Bool {
        var isSent = true
        for part in batch.parts(ofAtMost: Limits.busMessageBytes) where isSent {
            isSent = await publish(.batch(part), in: batch.room)
        }
        return isSent
    }

    /// Sends an event if it is one of those of which there are many. False when it could not or may not be sent.
    package func publish(_ event: Event) async -> Bool {
        switch event {
        case .typing(let room, let username): await publish(.typing(room: room, username), in: room.id)
        case .presence(let change): await publish(.presence(change), in: change.room.id)
        default: false
        }
    }

    /// Why a server cannot be used now, nil when all can.
    package func fault() -> ChatError? {
        servers.lazy.compactMap(\.fault).first
    }

    package func stop() async {
        for server in servers { await server.end() }
    }

    private func publish(_ payload: RedisPayload, in room: RoomID) async -> Bool {
        guard let server = server(of: room) else { return false }
        return await server.publish(payload.encoded(from: origin), in: room)
    }

    private func server(of room: RoomID) -> RedisServer? {
        servers.count == 1 ? servers[0] : servers.max { $0.mark(of: room) < $1.mark(of: room) }
    }
}

extension MessageBatch {
    /// The batch in parts of at most so many bytes, but of at least one message.
    func parts(ofAtMost size: Int) -> [MessageBatch] {
        guard bytes.count > size else { return [self] }
        var parts: [MessageBatch] = []
        var (first, start) = (0, 0)
        for index in ends.indices {
            let isLast = index == ends.count - 1
            guard isLast || ends[index + 1] - start > size else { continue }
            parts.append(
                MessageBatch(
                    room: room, firstSeq: firstSeq + Int64(first), bytes: Array(bytes[start..<ends[index]]),
                    ends: ends[first...index].map { $0 - start }))
            (first, start) = (index + 1, ends[index])
        }
        return parts
    }
}
