import ChatCore

/// One kind of measurement: what it needs on the server, and how it runs there.
package protocol Scenario: Sendable {
    var needs: ServerNeeds { get }
    /// The settings that identify the run, in the order they are shown.
    var settings: [(name: String, value: String)] { get }
    /// Performs one run; blocks the calling thread, which becomes the generator's.
    ///
    /// - Throws: `unavailable` when the server refuses or drops a connection, `interrupted` when it was stopped before
    ///   there were figures.
    func run(on server: ServerUnderTest, _ control: RunControl) throws(ChatError) -> BenchResult
}

/// Broadcasts from a few connections to everyone in one room.
package struct FanoutScenario: Scenario {
    private let plan: LoadPlan

    package init(_ plan: LoadPlan) {
        self.plan = plan
    }

    package var needs: ServerNeeds { ServerNeeds(rooms: 1) }
    package var settings: [(name: String, value: String)] { plan.settings }

    package func run(on server: ServerUnderTest, _ control: RunControl) throws(ChatError) -> BenchResult {
        // The one-room form of the protocol, which other servers speak too.
        let path = "/ws/chatroom/\(server.rooms[0])"
        return try LoadDriver(plan, control).run(FanoutRun(plan), scenario: "fanout", path: path, on: server)
    }
}

/// Posts to many rooms and waits for the acknowledgements.
package struct IngestScenario: Scenario {
    private let plan: LoadPlan
    private let rooms: Int
    private let members: Int

    /// - Parameters:
    ///   - plan: its publishers are all its clients.
    ///   - members: connections in each room.
    package init(_ plan: LoadPlan, rooms: Int, members: Int) {
        self.plan = plan
        self.rooms = rooms
        self.members = members
    }

    package var needs: ServerNeeds { ServerNeeds(rooms: rooms) }
    package var settings: [(name: String, value: String)] {
        plan.settings + [("rooms", String(rooms)), ("members", String(members))]
    }

    package func run(on server: ServerUnderTest, _ control: RunControl) throws(ChatError) -> BenchResult {
        let run = IngestRun(plan, rooms: server.rooms, members: members)
        return try LoadDriver(plan, control).run(run, scenario: "ingest", path: "/ws", on: server)
    }
}

/// Opens many connections that all join one room.
package struct ConnectScenario: Scenario {
    private let clients: Int
    private let window: Int

    /// - Parameter window: connections in progress at once.
    package init(clients: Int, window: Int) {
        self.clients = clients
        self.window = window
    }

    /// One more user than clients, for the connection that watches.
    package var needs: ServerNeeds { ServerNeeds(rooms: 1, users: clients + 1) }
    package var settings: [(name: String, value: String)] {
        [("clients", String(clients)), ("window", String(window))]
    }

    package func run(on server: ServerUnderTest, _ control: RunControl) throws(ChatError) -> BenchResult {
        let run = ConnectRun(
            clients: clients, window: window, room: server.rooms[0], everyone: server.isTemporary ? needs.users : nil)
        return try run.run(on: server, control)
    }
}

/// Reads pages of history at several depths of a room.
package struct HistoryScenario: Scenario {
    private let plan: LoadPlan
    private let depth: Int

    /// - Parameter depth: messages in the room of a temporary server.
    package init(_ plan: LoadPlan, depth: Int) {
        self.plan = plan
        self.depth = depth
    }

    package var needs: ServerNeeds { ServerNeeds(rooms: 1, depth: depth) }
    package var settings: [(name: String, value: String)] { [] }

    package func run(on server: ServerUnderTest, _ control: RunControl) throws(ChatError) -> BenchResult {
        try HistoryRun(plan: plan, control: control).run(on: server)
    }
}
