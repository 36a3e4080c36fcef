import ChatCore
import ChatStorage
import ChatTestKit
import Testing

/// The contract suites on PostgreSQL: two pools of connections to one schema stand for two processes.
@Suite struct PostgreSQLStoreTests {
    @Test(arguments: StoreContract.checks)
    func `the PostgreSQL store keeps the contract`(_ check: StoreCheck) async throws {
        let place = try await PostgreSQLPlace.fresh()
        let (one, two) = (try await place.open(), try await place.open(.current))
        try await check.run(StoreContract(store: place.store(one), other: place.store(two), clock: place.clock))
        await one.close()
        await two.close()
    }

    @Test func `a message of one process rings in the other`() async throws {
        try await withBuses { try await $0.ringsForMessages() }
    }

    @Test func `events of one process reach the other in order`() async throws {
        try await withBuses { try await $0.bringsEventsInOrder() }
    }

    @Test func `a bus is silent before it is started and after it is stopped`() async throws {
        try await withBuses { try await $0.isSilentBeforeStartAndAfterStop() }
    }

    @Test func `a large batch comes whole`() async throws {
        try await withBuses { try await $0.bringsLargeBatches() }
    }

    @Test func `a room can be followed again`() async throws {
        try await withBuses { try await $0.followsAgain() }
    }

    private func withBuses(_ check: (BusContract) async throws -> Void) async throws {
        let place = try await PostgreSQLPlace.fresh()
        let (one, two) = (try await place.open(), try await place.open(.current))
        try await check(
            BusContract(
                here: BusContract.Endpoint(bus: one.bus, store: one.store),
                there: BusContract.Endpoint(bus: two.bus, store: two.store), clock: place.clock))
        await one.close()
        await two.close()
    }
}
