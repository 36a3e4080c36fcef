import Testing

@testable import ChatSQLite

/// What a process knows of the log without reading it.
@Suite struct LogPositionTests {
    @Test func `own rows that follow move the position on`() {
        var position = LogPosition()
        position.move(to: 10)
        position.add(own: 11...20)
        position.add(own: 21...21)
        #expect(position.last == 21)
    }

    @Test func `own rows behind those of others wait until these were read`() {
        var position = LogPosition()
        position.move(to: 10)
        position.add(own: 13...20)
        position.add(own: 21...30)
        position.add(own: 40...41)
        #expect(position.last == 10)
        position.move(to: 12)
        #expect(position.last == 30)
        position.move(to: 39)
        #expect(position.last == 41)
    }

    @Test func `rows that are reported late or twice change nothing for the worse`() {
        var position = LogPosition()
        position.add(own: 4...6)
        position.add(own: 1...3)
        position.add(own: 2...5)
        #expect(position.last == 6)
        position.move(to: 3)
        #expect(position.last == 6)
    }

    @Test func `many interleaved runs are forgotten from the oldest on`() {
        var position = LogPosition()
        for start in 1...1_000 { position.add(own: Int64(start * 10)...Int64(start * 10 + 1)) }
        #expect(position.last == 0)
        position.move(to: 9_999)
        #expect(position.last == 10_001)
    }
}
