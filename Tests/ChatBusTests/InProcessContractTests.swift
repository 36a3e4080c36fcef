import ChatBus
import ChatCore
import ChatStorage
import ChatTestKit
import FoundationEssentials
import Testing

/// The in-process bus under the contract of all buses, beside a database of its own.
@Suite struct InProcessContractTests {
    @Test func `a message of one end rings at the other`() async throws {
        try await withBuses { try await $0.ringsForMessages() }
    }

    @Test func `events come in order and not back`() async throws {
        try await withBuses { try await $0.bringsEventsInOrder() }
    }

    @Test func `a bus is silent before its start and after its stop`() async throws {
        try await withBuses { try await $0.isSilentBeforeStartAndAfterStop() }
    }

    @Test func `a large batch comes whole`() async throws {
        try await withBuses { try await $0.bringsLargeBatches() }
    }

    @Test func `a room can be followed again`() async throws {
        try await withBuses { try await $0.followsAgain() }
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
