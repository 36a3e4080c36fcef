import ChatCore
import ChatSQL
import ChatWire

/// One server process over a SQLite file, without its port: a core that serves, and a hub that records.
package struct TestNode: Sendable {
    package let database: ChatDatabase
    package let chat: Chat
    package let hub: RecordingHub
    package let clock: TestClock
    /// Kept for as long as the node is.
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - name: differs for each node that is open at the same time.
    ///   - serves: false for a core that does nothing by itself.
    package init(
        _ name: String = "node", in folder: TemporaryFolder, observer: any Observer = SilentObserver(),
        coder: any EventCoder = WireCoder(), serves: Bool = true
    ) async throws {
        self.folder = folder
        database = try await folder.open()
        clock = folder.clock
        hub = RecordingHub()
        chat = Chat(
            store: database.store, bus: database.bus, secrets: QuickSecrets(), coder: coder, clock: clock.wall,
            observer: observer)
        // The room that a new database comes with; tests make their own.
        try? await chat.service(for: .operator(as: nil)).deleteRoom(RoomName("general"))
        if serves { try await chat.startServing(as: name, hubs: [hub]) }
    }

    package var store: any Store { database.store }

    /// Makes users and rooms.
    package var maker: StoreContract { StoreContract(store: store, other: store, clock: clock) }

    package func service(for user: User) -> LocalChat { chat.service(for: .user(user)) }

    /// Makes an account with exactly this name.
    package func makeUser(_ name: String, role: SiteRole = .user, password: String? = nil) async throws -> User {
        try await chat.service(for: .operator(as: nil)).createUser(
            NewUser(username: Username(name), displayName: nil, role: role, password: password))
    }

    package func close() async {
        await chat.stopServing()
        await database.close()
    }
}
