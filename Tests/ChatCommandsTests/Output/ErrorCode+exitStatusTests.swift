import ChatCore
import Testing

@testable import ChatCommands

@Suite struct ExitStatusTests {
    private static let table: [Int32: Set<ErrorCode>] = [
        1: [.expectationFailed], 64: [.usage],
        65: [.invalidInput, .invalidJSON, .invalidFrame, .invalidBody, .clientIDReused, .tooLarge],
        66: [.userNotFound, .roomNotFound, .messageNotFound, .tokenNotFound, .notFound], 69: [.unavailable],
        70: [.fault], 73: [.alreadyExists], 74: [.outputFailed], 75: [.timedOut, .rateLimited],
        77: [.unauthenticated, .notAllowed, .notAMember, .notJoined, .banned, .muted, .archived, .disabled],
        78: [.configuration, .methodNotAllowed], 130: [.interrupted],
    ]

    @Test(arguments: ErrorCode.allCases)
    func `a code has the exit status of the contract`(code: ErrorCode) {
        #expect(Self.table.filter { $0.value.contains(code) }.keys.map { $0 } == [code.exitStatus])
    }
}
