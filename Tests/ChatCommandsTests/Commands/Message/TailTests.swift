import ChatTestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct TailTests {
    @Test(arguments: [["tail", "general", "-f"], ["tail", "nowhere", "--wait"], ["presence", "general", "--watch"]])
    func `a command that waits ends quietly once its reader has gone`(command: [String]) async throws {
        try await withInstallation { installation async throws in
            let output = BufferOutput()
            async let outcome = installation.run(command, output: output)
            if command[1] == "general" { await output.waitForLines(1) }
            output.leave()
            #expect(await outcome.status == 0)
            #expect(await outcome.error.isEmpty)
        }
    }
}
