import ChatTestKit
import ChatWire
import Testing

@testable import ChatCore

/// What a server says of its parts.
@Suite struct ChatServingTests {
    @Test func `a database that does not answer is not ready, and waited for no longer`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let gate = Gate()
        let store = WatchedStore(database.store) { call throws(ChatError) in
            if call == .epoch { await gate.pass() }
        }
        let chat = Chat(
            store: store, bus: database.bus, secrets: QuickSecrets(), coder: WireCoder(), clock: folder.clock.wall)
        let error = await #expect(throws: ChatError.self) { try await chat.requireHealth() }
        #expect(error?.code == .unavailable && error?.part == .database)
        gate.open()
        try await chat.requireHealth()
        await chat.close()
        await database.close()
    }
}
