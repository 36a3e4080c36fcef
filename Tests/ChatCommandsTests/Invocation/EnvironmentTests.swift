import Testing

@testable import ChatCommands

@Suite struct EnvironmentTests {
    @Test func `an empty variable counts as not set`() {
        let environment: Environment = ["A": "1", "B": ""]
        #expect(environment["A"] == "1" && environment["B"] == nil && environment["C"] == nil)
    }

    @Test func `variables are set anew and left out`() {
        let environment: Environment = ["A": "1", "B": "2", "C": "3"]
        #expect(environment.setting(["B": "4", "C": nil, "D": "5"]).variables == ["A": "1", "B": "4", "D": "5"])
    }

    @Test func `the process has a search path`() {
        #expect(Environment.process["PATH"]?.isEmpty == false)
    }
}
