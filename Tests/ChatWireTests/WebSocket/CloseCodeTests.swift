import NIOCore
import Testing

@testable import ChatWire

@Suite struct CloseCodeTests {
    @Test func `the codes are those of RFC 6455 and of the contract`() {
        #expect(
            CloseCode.allCases.map(\.rawValue) == [1000, 1001, 1002, 1003, 1007, 1009, 1011, 4001, 4003, 4008])
    }

    @Test(arguments: CloseCode.allCases) func `each may be sent, and is read by the other side`(code: CloseCode) throws
    {
        var decoder = FrameDecoder(role: .client)
        decoder.feed(ByteBuffer(bytes: WebSocketFrame.close(code.rawValue, reason: "why")))
        #expect(try decoder.next() == .close(code: code.rawValue))
    }
}
