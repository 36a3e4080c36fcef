import ChatBus
import ChatCore
import ChatSQL
import ChatTestKit
import Glibc
import Testing

/// The routed bus over Redis and a SQLite file, under the contract of all buses.
@Suite struct RoutedBusContractTests {
    @Test(arguments: BusContract.checks)
    func `the bus through Redis keeps the contract`(_ check: BusCheck) async throws {
        try await withBuses { try await check.run($0) }
    }

    @Test func `what is published without a start arrives, also by a process that ends at once`() async throws {
        try await withEnds { one, two, _ in
            let room = RoomID(1)
            let heard = Ears()
            try await two.bus.start { heard.take($0) }
            two.bus.follow(room)
            #expect(await heard.wait { $0.contains(.check(room)) })
            let batch = MessageBatch(room: room, firstSeq: 1, bytes: [65], ends: [1])
            try await one.bus.publish(batch)
            await one.bus.stop()
            #expect(await heard.wait { $0.contains(.batch(batch)) })
            await two.bus.stop()
        }
    }

    @Test func `a server that is not there is said at the start, and what is published goes the other way`()
        async throws
    {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let nowhere = try RedisAddress.list("redis://:hunter2@127.0.0.1:1")
        let bus = RoutedBus(database: database.bus, redis: RedisBus(nowhere, epoch: "x"))
        let error = await #expect(throws: ChatError.self) { try await bus.start { _ in } }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("redis 127.0.0.1:1") == true && error?.message.contains("hunter2") == false)
        #expect(await bus.fault()?.code == .unavailable)
        try await bus.publish([.disabled(UserID(1))])
        await bus.stop()
        await database.close()
    }

    private func withBuses(_ check: (BusContract) async throws -> Void) async throws {
        try await withEnds { one, two, clock in
            try await check(
                BusContract(here: one, there: two, clock: clock, confirms: true) { event in
                    switch event {
                    case .typing, .presence: 1
                    case .messageDeleted, .messageEdited, .roomChanged, .roomGained, .removed, .roomDeleted, .disabled,
                        .roleChanged, .sessionEnded:
                        0
                    }
                })
        }
    }

    private func withEnds(
        _ work: (BusContract.Endpoint, BusContract.Endpoint, TestClock) async throws -> Void
    ) async throws {
        let server = try #require(
            getenv("CHATCTL_TEST_REDIS").map { String(cString: $0) },
            "no Redis: run the tests with 'make test', or below Tests/EndToEnd/services.py")
        let folder = try TemporaryFolder()
        let (one, two) = (try await folder.open(), try await folder.open(.current))
        let addresses = try RedisAddress.list(server)
        func end(_ database: ChatDatabase) async throws -> BusContract.Endpoint {
            let redis = RedisBus(addresses, epoch: try await database.store.epoch())
            return BusContract.Endpoint(bus: RoutedBus(database: database.bus, redis: redis), store: database.store)
        }
        try await work(try await end(one), try await end(two), folder.clock)
        await one.close()
        await two.close()
    }
}
