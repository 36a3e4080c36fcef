import Testing

@testable import ChatSQL

@Suite struct SettlingTests {
    @Test func `with no transaction under way all that is visible is settled`() {
        var settling = Settling()
        #expect(settling.saw(newest: 7, oldestRunning: 3, next: 3) == 7)
        #expect(settling.saw(newest: 9, oldestRunning: 3, next: 3) == 9)
    }

    @Test func `an id is settled once all have ended that ran when it was seen`() {
        var settling = Settling()
        #expect(settling.saw(newest: 7, oldestRunning: 3, next: 6) == 0)
        #expect(settling.saw(newest: 20, oldestRunning: 5, next: 9) == 0)
        #expect(settling.saw(newest: 30, oldestRunning: 6, next: 12) == 7)
        #expect(settling.saw(newest: 40, oldestRunning: 11, next: 15) == 7)
        #expect(settling.saw(newest: 50, oldestRunning: 12, next: 16) == 30)
    }

    @Test func `what is settled stays so when the newest messages are gone`() {
        var settling = Settling()
        #expect(settling.saw(newest: 7, oldestRunning: 1, next: 1) == 7)
        #expect(settling.saw(newest: 2, oldestRunning: 1, next: 1) == 7)
    }
}
