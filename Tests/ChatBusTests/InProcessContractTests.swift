import ChatTestKit
import Testing

/// The in-process bus under the contract of all buses, beside a database of its own.
@Suite struct InProcessContractTests {
    @Test(arguments: BusContract.checks)
    func `the bus within a process keeps the contract`(_ check: BusCheck) async throws {
        try await withBuses { try await check.run($0) }
    }

    private func withBuses(_ check: (BusContract) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let exchange = InProcessExchange()
        try await check(
            BusContract(
                here: BusContract.Endpoint(bus: exchange.endpoint(), store: database.store),
                there: BusContract.Endpoint(bus: exchange.endpoint(), store: database.store), clock: folder.clock,
                isOfDatabase: false))
        await database.close()
    }
}
