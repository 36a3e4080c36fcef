import ChatCore
import Testing

@testable import ChatCommands

@Suite struct MessageDeleteTests {
    @Test func `more messages than one part takes are deleted, and counted as one`() async throws {
        try await withInstallation { installation async throws in
            let count = Limits.sweepBatch + 5
            let lines = (1...count).map { "buy \($0)\n" }.joined()
            _ = await installation.run(["send", "general", "--lines", "--as", "bob", "-q"], input: lines)
            let outcome = await installation.run(
                ["message", "delete", "--author", "bob", "--since", "2h", "--yes", "--json"])
            // One of them is in the database from the start.
            #expect(outcome.output == #"{"author":"bob","room":null,"deleted":\#(count + 1)}"# + "\n")
            let left = await installation.run(["tail", "general", "-n", "1000", "--json"]).output
            #expect(left.ranges(of: #""deleted":true"#).count == count + 1)
            #expect(left.ranges(of: #""body":"""#).count == count + 1)
        }
    }
}
