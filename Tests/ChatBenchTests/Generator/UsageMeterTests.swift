import Glibc
import Testing

@testable import ChatBench

@Suite struct UsageMeterTests {
    private static func result(generator: Double, server: Double?) -> BenchResult {
        SampleRuns.fanout.with {
            ($0.seconds, $0.generatorCPUSeconds) = (10, generator)
            $0.server = server.map { ServerUsage(residentBytes: 1, bytesPerConnection: nil, cpuSeconds: $0) }
        }
    }

    @Test(
        arguments: [
            (9.6, 5.0, true), (9.6, 9.1, false), (9.4, 1, false), (9.6, nil, true), (2, nil, false), (9.6, 8.9, true),
        ] as [(Double, Double?, Bool)])
    func `the generator was the bottleneck when it was busy and the server was not`(
        generator: Double, server: Double?, wasLimit: Bool
    ) {
        #expect(UsageMeter.Running.wasLimit(Self.result(generator: generator, server: server)) == wasLimit)
    }

    @Test func `a process is measured from the start on`() throws {
        let meter = UsageMeter(ServerProcess(id: getpid()))
        let running = meter.start()
        var result = BenchResult(scenario: "fanout")
        result.seconds = 3_600
        while result.generatorCPUSeconds == 0 { running.fill(&result, connections: 4) }
        let server = try #require(result.server)
        let before = try #require(meter.residentBytesBefore)
        #expect(result.residentBytesBefore == before && server.residentBytes > 0 && server.cpuSeconds >= 0)
        #expect(server.bytesPerConnection == Double(server.residentBytes - before) / 4)
        #expect(!result.generatorWasLimit)
    }

    @Test func `without connections there is no memory for each`() throws {
        var result = BenchResult(scenario: "history")
        UsageMeter(ServerProcess(id: getpid())).start().fill(&result, connections: nil)
        #expect(try #require(result.server).bytesPerConnection == nil && result.residentBytesBefore == nil)
    }

    @Test func `a server whose process is not known has no usage`() {
        var result = BenchResult(scenario: "fanout")
        UsageMeter(nil).start().fill(&result, connections: 4)
        #expect(result.server == nil && result.residentBytesBefore == nil)
    }
}
