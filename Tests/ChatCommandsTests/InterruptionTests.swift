import ChatCore
import Testing

@testable import ChatCommands

@Suite struct InterruptionTests {
    @Test func `without a signal work ends by itself, with its error`() async throws {
        for signals in [AsyncStream<Void> { $0.finish() }, AsyncStream<Void>.makeStream().stream] {
            #expect(try await Interruption.run(signals) { () async throws(ChatError) in })
        }
        await #expect(throws: ChatError(.fault, "broken")) {
            try await Interruption.run(AsyncStream { $0.finish() }) { () async throws(ChatError) in
                throw ChatError(.fault, "broken")
            }
        }
    }

    @Test func `a signal cancels the work and waits for the end of its step`() async throws {
        let (signals, signal) = AsyncStream<Void>.makeStream()
        let (steps, step) = AsyncStream<String>.makeStream()
        let isWhole = try await Interruption.run(signals) { () async throws(ChatError) in
            step.yield("begun")
            signal.yield()
            // Nobody ends this but the signal.
            for await _ in AsyncStream<Void>.makeStream().stream {}
            step.yield("ended")
            step.finish()
            throw ChatError.wrapping(CancellationError())
        }
        #expect(!isWhole)
        var seen: [String] = []
        for await step in steps { seen.append(step) }
        #expect(seen == ["begun", "ended"])
    }
}
