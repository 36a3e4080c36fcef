import ChatCore
import Synchronization

// Critical events (kicks, bans, revoked sessions, new rooms) must arrive whenever the database does, and so they go
// through its bus. High-volume events (messages, typing, presence) go through Redis, which delivers them to the nodes
// that follow the room and costs the database nothing. While Redis is out they fall back to the database's bus.

/// Routes high-volume events through Redis and critical ones through the database's bus.
package final class RoutedBus: Bus {
    package let hearsEveryCommit: Bool
    private let database: any Bus
    private let redis: any HighVolumeBus

    /// A lock that closures can share.
    private final class Turn: Sendable {
        let lock = Mutex(())
    }

    package convenience init(database: any Bus, redis: RedisBus) {
        self.init(database: database, highVolume: redis)
    }

    init(database: any Bus, highVolume: any HighVolumeBus) {
        self.database = database
        redis = highVolume
        hearsEveryCommit = database.hearsEveryCommit
    }

    package func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        // Both routes deliver on threads of their own; the receiver gets one call at a time.
        let turn = Turn()
        let receive: @Sendable ([BusEvent]) -> Void = { events in turn.lock.withLock { _ in receive(events) } }
        try await database.start(receive)
        do throws(ChatError) {
            try await redis.start(receive)
        } catch {
            await database.stop()
            throw error
        }
    }

    package func follow(_ room: RoomID) {
        redis.follow(room)
        database.follow(room)
    }

    package func unfollow(_ room: RoomID) {
        redis.unfollow(room)
        database.unfollow(room)
    }

    package func publish(_ batch: MessageBatch) async throws(ChatError) {
        if !(await redis.publish(batch)) { try await database.publish(batch) }
    }

    package func publish(_ events: [Event]) async throws(ChatError) {
        var rest: [Event] = []
        for event in events where !(await redis.publish(event)) { rest.append(event) }
        try await database.publish(rest)
    }

    package func fault() async -> ChatError? {
        if let fault = redis.fault() { return fault }
        return await database.fault()
    }

    package func stop() async {
        await redis.stop()
        await database.stop()
    }
}
