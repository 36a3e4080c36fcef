import Testing

@testable import ChatCore

@Suite struct RemovalReasonErrorTests {
    @Test(arguments: [
        (RemovalReason.kicked, ErrorCode.notAMember, "you were kicked"), (.banned, .banned, "you were banned"),
        (.removed, .notAMember, "you are no longer a member"), (.deleted, .roomNotFound, "it was deleted"),
    ])
    func `the loss of a room is an error with its reason`(reason: RemovalReason, code: ErrorCode, why: String) {
        #expect(reason.error(of: RoomName(stored: "general")) == ChatError(code, "room general: \(why)"))
    }
}
