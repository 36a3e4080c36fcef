import ChatCore
import Synchronization
import Testing

@testable import ChatServer

@Suite struct KeptConnectionsTests {
    @Test func `an address has its share, and gets it back`() {
        var kept = KeptConnections()
        for _ in 0..<Limits.keptConnectionsPerAddress { #expect(kept.add("10.0.0.7") == true) }
        #expect(kept.add("10.0.0.7") == false)
        #expect(kept.add("10.0.0.8") == true)
        let ofProxy = kept.add("10.0.0.7", isShared: true)
        #expect(ofProxy)
        kept.remove("10.0.0.7")
        for _ in 0..<2 { kept.remove("10.0.0.7") }
        #expect(kept.add("10.0.0.7") == true)
    }

    @Test func `all together have a limit too`() {
        var kept = KeptConnections()
        for number in 0..<Limits.keptConnections { #expect(kept.add("10.0.\(number / 200).\(number % 200)") == true) }
        #expect(kept.add("::1") == false)
        kept.remove("::1")
        kept.remove("10.0.0.0")
        #expect(kept.add("::1") == true)
    }

    @Test func `a place is given back once`() {
        let given = Atomic(0)
        let place = KeptPlace { given.add(1, ordering: .relaxed) }
        for _ in 0..<2 { place.leave() }
        #expect(given.load(ordering: .relaxed) == 1)
    }
}
