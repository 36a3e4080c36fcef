import Testing

@testable import ChatCommands

@Suite struct LedgerTests {
    private static func ledger(_ numbers: [Int], stream: Int = 0) -> Ledger {
        var ledger = Ledger(streams: 2)
        for number in numbers { _ = ledger.take(Marker(stream: stream, number: number)) }
        return ledger
    }

    @Test func `what comes in order counts and nothing else does`() {
        let ledger = Self.ledger([0, 1, 2])
        #expect(ledger.received == 3 && ledger.sums == LedgerSums())
    }

    @Test func `what is passed over is missing`() {
        #expect(Self.ledger([0, 3]).sums == LedgerSums(missing: 2))
    }

    @Test func `what comes late was out of order and is missing no more`() {
        let ledger = Self.ledger([0, 2, 1, 3])
        #expect(ledger.sums == LedgerSums(outOfOrder: 1) && ledger.received == 4)
    }

    @Test func `what comes again came twice`() {
        let ledger = Self.ledger([0, 1, 1, 0])
        #expect(ledger.sums == LedgerSums(duplicates: 2) && ledger.received == 2)
    }

    @Test func `what never came is missing at the end`() {
        var ledger = Self.ledger([0, 1])
        ledger.close(sent: [5, 7]) { $0 == 0 }
        #expect(ledger.sums == LedgerSums(missing: 3))
    }

    @Test func `what was forgotten counts no more`() {
        var ledger = Self.ledger([0, 2])
        ledger.forget()
        _ = ledger.take(Marker(stream: 0, number: 3))
        #expect(ledger.sums == LedgerSums() && ledger.received == 1)
    }

    @Test(arguments: 0..<50) func `sums agree with what was done, whatever it was`(seed: UInt64) {
        var random = Seeded(state: seed)
        var (arrivals, lost, doubled) = ([Int](), Set<Int>(), 0)
        for number in 0..<200 {
            if Int.random(in: 0..<10, using: &random) == 0 {
                lost.insert(number)
            } else {
                arrivals.append(number)
                if Int.random(in: 0..<20, using: &random) == 0 {
                    arrivals.append(number)
                    doubled += 1
                }
            }
        }
        var ledger = Self.ledger(arrivals)
        ledger.close(sent: [200, 0]) { _ in true }
        #expect(ledger.sums == LedgerSums(missing: lost.count, duplicates: doubled))
    }
}

/// A generator that gives the same numbers for the same seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

@Suite struct MarkerTests {
    private static func find(_ text: String, hint: inout Int) -> Marker? {
        Array(text.utf8).withUnsafeBytes { Marker.find(in: $0, hint: &hint) }
    }

    @Test func `a marker is found wherever it stands`() {
        var hint = 0
        let body = String(decoding: Marker(stream: 12, number: 345).body(size: 40), as: UTF8.self)
        #expect(body.utf8.count == 40)
        #expect(Self.find("{\"message\":{\"body\":\"\(body)\"}}", hint: &hint) == Marker(stream: 12, number: 345))
        #expect(hint == 20)
        #expect(Self.find("{\"body\":\"\(body)\"}", hint: &hint) == Marker(stream: 12, number: 345))
    }

    @Test(arguments: ["", "~", "~1", "~1:", "~1:2", "~:2~", "~1:~", "~a:1~", "no marker at all", "~~~"])
    func `what is no marker is not taken for one`(text: String) {
        var hint = 0
        #expect(Self.find(text, hint: &hint) == nil)
    }

    @Test func `acks and joins are told apart from other frames`() {
        func ref(_ text: String) -> Int? { Array(text.utf8).withUnsafeBytes { AckFrame.ref(in: $0) } }
        func isJoined(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { JoinedFrame.isOne($0) } }
        #expect(ref(#"{"ok":true,"event":"ack","ref":17,"room":"x","id":1,"seq":2}"#) == 17)
        #expect(ref(#"{"ok": true, "event": "ack", "ref": 17}"#) == 17)
        #expect(ref(#"{"ok":true,"event":"pong","ref":17}"#) == nil)
        #expect(isJoined(#"{"ok":true,"event":"joined","room":"x"}"#))
        #expect(!isJoined(#"{"ok":true,"event":"presence","room":"x","joined":["bob"],"left":[]}"#))
    }
}
