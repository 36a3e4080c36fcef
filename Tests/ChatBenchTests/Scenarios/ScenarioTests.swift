import Testing

@testable import ChatBench

@Suite struct ScenarioTests {
    private static func settings(_ scenario: any Scenario) -> [String] {
        scenario.settings.map { "\($0.name) \($0.value)" }
    }

    @Test func `fan-out needs one room`() {
        let scenario = FanoutScenario(LoadPlan())
        #expect(scenario.needs == ServerNeeds(rooms: 1))
        #expect(Self.settings(scenario).first == "clients 100")
    }

    @Test func `ingest needs its rooms and tells how many members they have`() {
        let scenario = IngestScenario(LoadPlan(), rooms: 12, members: 3)
        #expect(scenario.needs == ServerNeeds(rooms: 12))
        #expect(Self.settings(scenario).suffix(2) == ["rooms 12", "members 3"])
    }

    @Test func `connect needs a user for each connection and one for the watcher`() {
        let scenario = ConnectScenario(clients: 60, window: 8)
        #expect(scenario.needs == ServerNeeds(rooms: 1, users: 61))
        #expect(Self.settings(scenario) == ["clients 60", "window 8"])
    }

    @Test func `history needs messages`() {
        let scenario = HistoryScenario(LoadPlan(), depth: 2_500)
        #expect(scenario.needs == ServerNeeds(rooms: 1, depth: 2_500) && scenario.settings.isEmpty)
    }
}
