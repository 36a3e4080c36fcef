import ChatCore
import ChatSQL
import ChatTestKit
import Testing

/// The contract suites on PostgreSQL: two pools of connections to one schema stand for two processes.
@Suite struct PostgreSQLStoreTests {
    @Test(arguments: StoreContract.checks + StoreContract.aloneChecks)
    func `the PostgreSQL store keeps the contract`(_ check: StoreCheck) async throws {
        let place = try await PostgreSQLPlace.fresh()
        let (one, two) = (try await place.open(), try await place.open(.current))
        try await check.run(StoreContract(store: place.store(one), other: place.store(two), clock: place.clock))
        await one.close()
        await two.close()
    }

    @Test(arguments: EpochContract.checks)
    func `a new epoch on PostgreSQL keeps the contract`(_ check: EpochCheck) async throws {
        let place = try await PostgreSQLPlace.fresh()
        let (one, two) = (try await place.open(), try await place.open(.current))
        try await check.run(
            one, StoreContract(store: place.store(one), other: place.store(two), clock: place.clock))
        await one.close()
        await two.close()
    }

    @Test(arguments: BusContract.checks)
    func `the PostgreSQL bus keeps the contract`(_ check: BusCheck) async throws {
        try await withBuses { try await check.run($0) }
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
