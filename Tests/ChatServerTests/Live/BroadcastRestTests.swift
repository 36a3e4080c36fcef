import NIOCore
import Testing

@testable import ChatServer

@Suite struct BroadcastRestTests {
    /// What waits how long, when it comes so long after a broadcast of such a length.
    @Test(
        arguments: [
            (took: 900, later: 10, rest: nil), (took: 4_000, later: 10, rest: 1_000),
            (took: 4_000, later: 101, rest: nil),
            (took: 50_000, later: 0, rest: 2_000),
        ] as [(took: Int64, later: Int64, rest: Int64?)])
    func `what came during a long broadcast waits a quarter of it, at most 2 ms`(
        took: Int64, later: Int64, rest: Int64?
    ) {
        var state = BroadcastRest()
        let begin = NIODeadline.uptimeNanoseconds(1_000_000_000)
        #expect(state.due(at: begin) == nil)
        let end = begin + .microseconds(took)
        state.broadcast(from: begin, to: end)
        #expect(state.due(at: end + .microseconds(later)) == rest.map { .microseconds($0) })
    }
}
