import Testing

@testable import ChatCore

@Suite struct TokenUsesTests {
    @Test func `of several uses the last is kept, and each is taken once`() {
        var uses = TokenUses()
        uses.note(1, at: Timestamp(milliseconds: 5))
        uses.note(2, at: Timestamp(milliseconds: 6))
        uses.note(1, at: Timestamp(milliseconds: 7))
        #expect(uses.takeAll() == [1: Timestamp(milliseconds: 7), 2: Timestamp(milliseconds: 6)])
        #expect(uses.takeAll().isEmpty)
    }

    @Test func `what is gathered is bounded, and a token that is known is still noted`() {
        var uses = TokenUses()
        for token in 0..<100_010 { uses.note(Int64(token), at: Timestamp(milliseconds: 1)) }
        uses.note(0, at: Timestamp(milliseconds: 2))
        let taken = uses.takeAll()
        #expect(taken.count == 100_000 && taken[0] == Timestamp(milliseconds: 2))
    }
}
