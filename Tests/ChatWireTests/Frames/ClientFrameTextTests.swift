import ChatCore
import Testing

@testable import ChatWire

@Suite struct ClientFrameTextTests {
    private let general = RoomName(stored: "general")

    @Test func `frames have the contract's texts`() {
        #expect(
            String(decoding: ClientFrame.join(general, after: 45, epoch: "e\"1", ref: 7), as: UTF8.self)
                == #"{"event":"join","ref":7,"room":"general","after":45,"epoch":"e\"1"}"#)
        #expect(
            String(decoding: ClientFrame.leave(general), as: UTF8.self) == #"{"event":"leave","room":"general"}"#)
    }

    @Test(arguments: [(0, nil), (.max, "e"), (45, "\u{0}\"\\")] as [(Int64, String?)])
    func `a server reads what a client wrote`(after: Int64, epoch: String?) throws {
        let join = try ClientFrame.parse(ClientFrame.join(general, after: after, epoch: epoch, ref: .max)).get()
        #expect(join.event == .join(room: "general", after: after, epoch: epoch) && join.ref == .number(.max))
        let leave = try ClientFrame.parse(ClientFrame.leave(general)).get()
        #expect(leave.event == .leave(room: "general") && leave.ref == nil)
    }
}
