import ChatCore

/// The server that is measured, and what a scenario uses there.
package struct ServerUnderTest: Sendable {
    /// How connections authenticate.
    package enum Credential: Sendable {
        /// Connection n presents token n modulo the number of tokens.
        case tokens([String])
        /// The value of a `Cookie` header.
        case cookie(String)
    }

    let endpoint: Endpoint
    let credential: Credential
    let rooms: [RoomName]
    /// The server's process where it is known, for its CPU and memory.
    let process: ServerProcess?
    /// It was started for this run only, so a second run starts with a fresh process.
    let isTemporary: Bool
    /// Messages in the first room.
    let lastSeq: Int
    /// Removes what was made for the run; called once, also after a failure.
    let release: @Sendable () async -> Void

    package init(
        _ endpoint: Endpoint, _ credential: Credential, rooms: [RoomName], process: ServerProcess?, isTemporary: Bool,
        lastSeq: Int = 0, release: @escaping @Sendable () async -> Void
    ) {
        self.endpoint = endpoint
        self.credential = credential
        self.rooms = rooms
        self.process = process
        self.isTemporary = isTemporary
        self.lastSeq = lastSeq
        self.release = release
    }
}

/// What a scenario needs on the server before it can run.
package struct ServerNeeds: Sendable, Equatable {
    package let rooms: Int
    /// Distinct users for the connections; made on a temporary server only, elsewhere every connection is the caller.
    package var users = 0
    /// Messages in the first room of a temporary server.
    package var depth = 0
}
