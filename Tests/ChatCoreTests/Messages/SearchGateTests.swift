import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// How many searches run at once, and whose.
@Suite struct SearchGateTests {
    private final class Bench: Sendable {
        let gate = SearchGate()
        private let state = Mutex((begun: [UserID](), waiting: [CheckedContinuation<Void, Never>]()))

        var begun: [UserID] { state.withLock { $0.begun } }

        func search(by number: Int64) -> Task<Result<Int64, ChatError>, Never> {
            Task {
                do throws(ChatError) {
                    return .success(
                        try await gate.run(for: UserID(number)) {
                            await withCheckedContinuation { continuation in
                                self.state.withLock {
                                    $0.begun.append(UserID(number))
                                    $0.waiting.append(continuation)
                                }
                            }
                            return number
                        })
                } catch {
                    return .failure(error)
                }
            }
        }

        /// Ends the search that began first.
        func endOne() {
            state.withLock { $0.waiting.removeFirst() }.resume()
        }
    }

    @Test func `a few run, others wait in their order, and more are sent away`() async throws {
        let bench = Bench()
        var searches: [Task<Result<Int64, ChatError>, Never>] = []
        let most = Limits.searchesAtOnce + Limits.waitingSearches
        for number in 1...most {
            searches.append(bench.search(by: Int64(number)))
            // Each has its place before the next one comes.
            #expect(await eventually { bench.begun.count == min(number, Limits.searchesAtOnce) })
        }
        #expect(await eventually { await bench.search(by: 99).value.code == .unavailable })
        #expect(bench.begun.count == Limits.searchesAtOnce)
        for number in 1...most {
            bench.endOne()
            let expected = min(most, number + Limits.searchesAtOnce)
            #expect(await eventually { bench.begun.count == expected })
        }
        for (number, search) in searches.enumerated() { #expect(try await search.value.get() == Int64(number + 1)) }
        #expect(Set(bench.begun.map(\.value)) == Set(1...Int64(most)))
        let next = bench.search(by: 99)
        #expect(await eventually { bench.begun.count == most + 1 })
        bench.endOne()
        #expect(try await next.value.get() == 99)
    }

    @Test func `a user has one at a time, an operator as many as they like`() async throws {
        let bench = Bench()
        let first = bench.search(by: 7)
        #expect(await eventually { bench.begun.count == 1 })
        let refused = await bench.search(by: 7).value
        #expect(refused.code == .rateLimited)
        #expect(try await bench.gate.run(for: nil) { 1 } + bench.gate.run(for: nil) { 2 } == 3)
        bench.endOne()
        #expect(try await first.value.get() == 7)
        let second = bench.search(by: 7)
        #expect(await eventually { bench.begun.count == 2 })
        bench.endOne()
        #expect(try await second.value.get() == 7)
    }
}
