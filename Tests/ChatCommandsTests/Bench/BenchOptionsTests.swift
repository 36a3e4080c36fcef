import ChatBench
import ChatCore
import Testing

@testable import ChatCommands

@Suite struct BenchOptionsTests {
    @Test(arguments: [
        ["--window", "0"], ["--window", "10001"], ["--rate", "0"], ["--rate", "1000001"],
        ["--rate", "5", "--window", "2"],
        ["--payload", "31"], ["--payload", "1000000"], ["--clients", "0"], ["--publishers", "0"],
        ["--publishers", "65"],
        ["--clients", "2", "--publishers", "3"], ["--duration", "2h"], ["--messages", "0"],
    ])
    func `a value out of range is wrong usage of fanout`(arguments: [String]) {
        #expect(throws: (any Error).self) { try BenchFanout.parse(arguments) }
    }

    @Test(arguments: [
        ["--clients", "0"], ["--rooms", "1001"], ["--members", "65"], ["--rooms", "2", "--members", "2"],
        ["--room", "general"],
    ])
    func `a value out of range is wrong usage of ingest`(arguments: [String]) {
        #expect(throws: (any Error).self) { try BenchIngest.parse(arguments) }
    }

    @Test func `the options make the plan, with the scenario's own window unless one is given`() throws {
        let options = try BenchFanout.parse([
            "--rate", "20", "--payload", "64", "--duration", "3s", "--warm-up", "0s", "--messages", "9",
        ])
        let plan = LoadPlan(options.bench, options.load, window: 16)
        #expect((plan.rate, plan.payload, plan.messages, plan.window) == (20, 64, 9, 16))
        #expect((plan.duration, plan.warmUp) == (.seconds(3), .zero))
        let windowed = try BenchFanout.parse(["--window", "4"])
        #expect(LoadPlan(windowed.bench, windowed.load, window: 16).window == 4)
    }

    @Test func `criteria that cannot be read are refused with their code`() throws {
        func code(_ arguments: String...) throws -> ErrorCode? {
            let options = try BenchFanout.parse(arguments)
            return #expect(throws: ChatError.self) { try options.bench.criteria() }?.code
        }
        #expect(try code("--slo", "speed>9") == .usage)
        #expect(try code("--max-regress", "x") == .usage)
        #expect(try code("--baseline", "/nonexistent/old.json") == .notFound)
    }
}
