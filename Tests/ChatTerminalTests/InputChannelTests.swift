import ChatTerminal
import ChatTestKit
import Testing

@Suite struct InputChannelTests {
    @Test func `everything is read up to the limit`() throws {
        let pieces: [[UInt8]] = [[1, 2], [3], [4, 5]]
        #expect(try TextInput(pieces).readAll(upTo: 5) == [1, 2, 3, 4, 5])
        #expect(try TextInput(pieces).readAll(upTo: 4) == nil)
        #expect(try TextInput().readAll(upTo: 0) == [])
    }
}
