import ChatCore
import ChatTestKit
import Testing

@testable import ChatSQL

@Suite struct SignalCoderTests {
    @Test func `every event comes back as it was, in order`() throws {
        let events = try SampleEvents.all()
        #expect(SignalCoder.decode(try SignalCoder.encode(events)) == events)
        #expect(SignalCoder.decode(try SignalCoder.encode([])) == [])
    }

    @Test(arguments: ["", "[", "{}", "null", "[{}]", #"[{"danced":{}}]"#, #"[{"disabled":{"_0":"x"}}]"#, "[1]"])
    func `what another version wrote is nil`(text: String) {
        #expect(SignalCoder.decode(text) == nil)
    }

    @Test func `one unknown event makes all of them unknown, so that none is taken out of order`() throws {
        let known = try SignalCoder.encode([.disabled(UserID(1))])
        let mixed = known.dropLast() + #",{"danced":{}}]"#
        #expect(SignalCoder.decode(String(mixed)) == nil)
    }
}
