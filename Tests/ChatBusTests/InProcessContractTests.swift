import ChatBus
import ChatCore
import ChatSQL
import ChatSQLite
import ChatTestKit
import FoundationEssentials
import Testing

/// The in-process bus under the contract of all buses, beside a database of its own.
@Suite struct InProcessContractTests {
    @Test(arguments: BusContract.checks)
    func `the bus within a process keeps the contract`(_ check: BusCheck) async throws {
        try await withBuses { try await check.run($0) }
    }

    private func withBuses(_ check: (BusContract) async throws -> Void) async throws {
        let name = "chatctl-bus-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        let folder = FileManager.default.temporaryDirectory.path + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = TestClock()
        let database = try await ChatDatabase.open(sqlite: folder + "/chat.db", clock: clock.wall, .migrating)
        let exchange = InProcessExchange()
        try await check(
            BusContract(
                here: BusContract.Endpoint(bus: exchange.endpoint(), store: database.store),
                there: BusContract.Endpoint(bus: exchange.endpoint(), store: database.store), clock: clock))
        await database.close()
    }
}
