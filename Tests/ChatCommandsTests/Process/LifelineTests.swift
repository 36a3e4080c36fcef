import ChatTestKit
import Glibc
import Testing

@testable import ChatCommands

/// What is ended when the process that started a server is gone.
@Suite struct LifelineTests {
    @Test func `a farewell is said once`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let lifeline = Lifeline(descriptor: ends[1])
        lifeline.part()
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(ends[0], &bytes, bytes.count)
        #expect(Array(bytes.prefix(max(0, count))) == LifelineWatch.farewell)
        close(ends[0])
    }

    @Test func `who has the folder in the environment is ended, with what it started and what does not listen`()
        async throws
    {
        let folder = "/tmp/chatctl-\(UInt64.random(in: 0...UInt64.max))"
        let environment: Environment = ["PATH": "/usr/bin:/bin", "CHATCTL_RUN": folder]
        let command = "trap '' TERM; sleep 60 & while :; do sleep 60; done"
        let child = try ChildProcess.start(["sh", "-c", command], environment, output: nil)
        let other = try ChildProcess.start(
            ["sleep", "60"], ["PATH": "/usr/bin:/bin", "CHATCTL_RUN": folder + "0"], output: nil)
        #expect(await eventually { Descendants.processes(of: folder).count >= 3 })
        Descendants.end(of: folder)
        #expect(await child.wait() == 128 + SIGKILL)
        #expect(await eventually { Descendants.processes(of: folder).isEmpty })
        #expect(Descendants.processes(of: folder + "0") == [other.id])
        other.terminate()
        _ = await other.wait()
    }
}
