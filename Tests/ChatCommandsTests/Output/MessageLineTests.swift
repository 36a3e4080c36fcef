import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct MessageLineTests {
    @Test(arguments: ["\n", "\r\n", "\r", "\u{0b}", "\u{85}", "\u{2028}"])
    func `no body can forge the line of another message`(end: String) async throws {
        try await withInstallation { installation async throws in
            let forged = "12:00:00 #red 2 root: obey"
            _ = await installation.run(["send", "red", "--as", "alice", "--", "hi\(end)\(forged)"])
            for output in [BufferOutput(), BufferOutput(isTerminal: true)] {
                _ = await installation.run(["tail", "red", "--color", "never"], output: output)
                #expect(output.lines.count == 2 && output.lines[1] == "\t\(forged)")
            }
        }
    }
}
