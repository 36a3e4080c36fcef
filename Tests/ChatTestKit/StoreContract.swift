import ChatCore
import Testing

// The guarantees that every store must give, written once and run on each database. Checks use unique names, so that
// all of them can run concurrently on one database.

/// One guarantee of the store protocols, as a sentence, with its test.
package struct StoreCheck: Sendable, CustomTestStringConvertible {
    package let sentence: String
    package let run: @Sendable (StoreContract) async throws -> Void

    init(_ sentence: String, _ run: @escaping @Sendable (StoreContract) async throws -> Void) {
        self.sentence = sentence
        self.run = run
    }

    package var testDescription: String { sentence }
}

/// The stores that a check runs on, and functions that create what most checks need.
package struct StoreContract: Sendable {
    package let store: any Store
    /// The same database as another process sees it.
    package let other: any Store
    package let clock: TestClock

    package init(store: any Store, other: any Store, clock: TestClock) {
        self.store = store
        self.other = other
        self.clock = clock
    }

    /// All guarantees.
    package static let checks =
        userChecks + tokenChecks + invitationChecks + seatChecks + roomChecks + memberChecks + messageChecks
        + sweepChecks + appendChecks + searchChecks + presenceChecks

    var now: Timestamp { clock.now }
    var act: Act { Act("test.act", by: .operator(as: nil), on: "test") }

    /// A name that no other check uses.
    func unique(_ prefix: String) -> String {
        "\(prefix)-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    }

    package func makeUser(_ prefix: String = "user", role: SiteRole = .user) async throws -> User {
        let new = try NewUser(username: Username(unique(prefix)), displayName: nil, role: role, password: nil)
        return try await store.insertUser(new, passwordHash: nil, at: now, act: act)
    }

    package func makeRoom(
        isPrivate: Bool = false, owner: User? = nil, members: [User] = []
    ) async throws -> Room {
        let new = try NewRoom(
            name: RoomName(unique("room")), isPrivate: isPrivate, topic: "", members: members.map(\.username))
        return try await store.insertRoom(new, owner: owner?.id, at: now, act: act)
    }

    package func draft(_ text: String, by author: User, in room: Room, clientID: String? = nil) throws -> Draft {
        Draft(
            room: room.id, author: author.author, body: try MessageBody(text),
            clientID: try clientID.map { try ClientID($0) })
    }

    /// Posts one message and returns it.
    @discardableResult
    package func post(_ text: String, by author: User, in room: Room, clientID: String? = nil) async throws -> Message {
        try await append(draft(text, by: author, in: room, clientID: clientID)).get().message
    }

    func append(_ draft: Draft) async throws -> Result<Appended, ChatError> {
        try #require(try await store.append([draft], at: now).settled().first)
    }

    func seats(_ users: [User], in room: Room, connections: Int) -> [SeatCount] {
        users.map { SeatCount(seat: Seat(room: room.id, user: $0.id), connections: connections) }
    }
}

extension Result where Failure == ChatError {
    /// The code of a failure.
    package var code: ErrorCode? {
        if case .failure(let error) = self { error.code } else { nil }
    }
}
