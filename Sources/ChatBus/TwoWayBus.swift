import ChatCore
import Synchronization

// What must not be missed goes by the database, which has to be there anyway: kicks, bans, ended sessions, new rooms.
// What there is much of goes by Redis: messages, typing, presence. While Redis is out, that goes by the database too.

/// Two ways between nodes: Redis for what is much, the database's own bus for what is grave.
package final class TwoWayBus: Bus {
    package let hearsEveryCommit: Bool
    /// A lock that closures can share.
    private final class Turn: Sendable {
        let lock = Mutex(())
    }

    private let database: any Bus
    private let redis: RedisBus

    package init(database: any Bus, redis: RedisBus) {
        self.database = database
        self.redis = redis
        hearsEveryCommit = database.hearsEveryCommit
    }

    package func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        // Two threads bring; whoever receives is called once at a time.
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
