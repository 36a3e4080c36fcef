import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct AuditTests {
    private func act(_ id: Int64) -> AuditEntry {
        AuditEntry(id: id, at: Timestamp(milliseconds: 0), actor: "a", action: "x.y", target: "t", detail: "")
    }

    @Test func `an act that is committed behind a later one is shown all the same, and each once`() {
        var watch = AuditWatch()
        #expect(watch.new(of: [act(5), act(7)]).map(\.id) == [5, 7])
        #expect(watch.position == 0)
        #expect(watch.new(of: [act(5), act(6), act(7)]).map(\.id) == [6])
        let far = AuditWatch.overlap + 7
        #expect(watch.new(of: [act(5), act(6), act(7), act(far)]).map(\.id) == [far])
        #expect(watch.position == 7)
        #expect(watch.new(of: [act(far)]).isEmpty)
    }

    @Test func `it follows, an act a line, until its reader leaves`() async throws {
        try await withInstallation { installation async throws in
            _ = await installation.run(["room", "topic", "red", "one"])
            let output = BufferOutput()
            let following = Task {
                await installation.run(["audit", "-f", "-n", "1", "--target", "red", "--json"], output: output)
            }
            await output.waitForLines(1)
            _ = await installation.run(["room", "topic", "general", "not of red"], elsewhere: true)
            _ = await installation.run(["room", "archive", "red"], elsewhere: true)
            await output.waitForLines(2)
            output.leave()
            _ = await following.value
            #expect(output.lines[0].contains(#""action":"room.topic","target":"red""#))
            #expect(output.lines[1].contains(#""action":"room.archive","target":"red""#) && output.lines.count == 2)
        }
    }
}
