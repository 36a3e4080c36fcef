import Testing

@testable import ChatServer

/// When a request is late, and when its answer ends the connection.
@Suite struct RequestProgressTests {
    @Test func `the time of a request runs from its first byte to its end, and for each anew`() {
        var progress = RequestProgress()
        for _ in 0..<3 {
            #expect(progress.tookBytes() == .start)
            #expect(progress.tookBytes() == .keep)
            #expect(progress.tookEnd() == .stop)
        }
    }

    @Test func `who sent nothing is closed, who sent half a request is answered`() {
        var progress = RequestProgress()
        #expect(progress.expired() == .close)
        _ = progress.tookBytes()
        #expect(progress.expired() == .refuse)
    }

    @Test func `half a request is answered once`() {
        var progress = RequestProgress()
        _ = progress.tookBytes()
        #expect(progress.beganAnswer() == true)
        #expect(progress.expired() == .close)
        progress.endedAnswer()
        // The next one came in half.
        #expect(progress.expired() == .refuse)
    }

    @Test func `half a request behind one that is not answered yet is not answered before it`() {
        var progress = RequestProgress()
        _ = progress.tookBytes()
        _ = progress.tookEnd()
        _ = progress.tookBytes()
        #expect(progress.expired() == .close)
    }

    @Test func `an answer to a whole request leaves the connection open, also of several behind one another`() {
        var progress = RequestProgress()
        for _ in 0..<2 {
            _ = progress.tookBytes()
            _ = progress.tookEnd()
        }
        #expect(progress.beganAnswer() == false)
        progress.endedAnswer()
        #expect(progress.beganAnswer() == false)
        progress.endedAnswer()
        _ = progress.tookBytes()
        #expect(progress.beganAnswer() == true)
    }
}
