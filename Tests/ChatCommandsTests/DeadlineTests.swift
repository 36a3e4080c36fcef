import ChatCore
import Testing

@testable import ChatCommands

@Suite struct DeadlineTests {
    @Test func `work that ends in time ends as it does without a deadline`() async throws {
        try await Deadline.run(within: .seconds(60), of: "work") { () async throws(ChatError) in }
        try await Deadline.run(within: nil, of: "work") { () async throws(ChatError) in }
        for limit in [Duration.seconds(60), nil] {
            await #expect(throws: ChatError(.fault, "broken")) {
                try await Deadline.run(within: limit, of: "work") { () async throws(ChatError) in
                    throw ChatError(.fault, "broken")
                }
            }
        }
    }

    @Test func `work that takes too long is cancelled and timed out`() async {
        await #expect {
            try await Deadline.run(within: .milliseconds(1), of: "work") { () async throws(ChatError) in
                // Ends by being cancelled alone.
                for await _ in AsyncStream<Void>.makeStream().stream {}
            }
        } throws: { error in
            let error = error as? ChatError
            return error?.code == .timedOut && error?.message.hasPrefix("work: ") == true
        }
    }
}
