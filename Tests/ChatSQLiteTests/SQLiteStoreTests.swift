import ChatCore
import ChatSQL
import ChatTestKit
import Testing

/// The contract suites on SQLite: two pools of connections on one file stand for two processes.
@Suite struct SQLiteStoreTests {
    @Test(arguments: StoreContract.checks + StoreContract.aloneChecks)
    func `the SQLite store keeps the contract`(_ check: StoreCheck) async throws {
        let folder = try TemporaryFolder()
        let (one, two) = (try await folder.open(), try await folder.open(.current))
        try await check.run(StoreContract(store: one.store, other: two.store, clock: folder.clock))
        await one.close()
        await two.close()
    }

    @Test(arguments: BusContract.checks)
    func `the SQLite bus keeps the contract`(_ check: BusCheck) async throws {
        try await withBuses { try await check.run($0) }
    }

    private func withBuses(_ check: (BusContract) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let (one, two) = (try await folder.open(), try await folder.open(.current))
        try await check(
            BusContract(
                here: BusContract.Endpoint(bus: one.bus, store: one.store),
                there: BusContract.Endpoint(bus: two.bus, store: two.store), clock: folder.clock))
        await one.close()
        await two.close()
    }
}
