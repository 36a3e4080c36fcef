import ChatCore
import NIOCore
import NIOPosix
import Testing

@testable import ChatClient

@Suite struct ServerAddressFaultsTests {
    private let address: ServerAddress

    init() throws {
        address = try ServerAddress("http://h:1")
    }

    @Test(arguments: [
        (301, ErrorCode.configuration), (401, .unauthenticated), (403, .notAllowed), (404, .notFound),
        (409, .alreadyExists), (413, .tooLarge), (429, .rateLimited), (400, .invalidInput), (422, .invalidInput),
        (502, .unavailable), (503, .unavailable), (504, .unavailable), (500, .fault), (599, .fault), (700, .fault),
    ])
    func `a status without a readable body means an error of its class`(status: Int, code: ErrorCode) {
        for body in ["", "<html>", "{}", #"{"error":"x"}"#] {
            let error = address.refusal(status: status, body: Array(body.utf8))
            #expect(error.code == code)
            #expect(error.message.contains("http://h:1"))
        }
    }

    @Test func `the server's own error counts before its status`() {
        let body = #"{"error":{"code":"banned","message":"room x: banned","hint":"ask"}}"#
        #expect(
            address.refusal(status: 500, body: Array(body.utf8)) == ChatError(.banned, "room x: banned", hint: "ask"))
    }

    @Test func `a code of a newer server keeps its text and gets the class of the status`() {
        let body = #"{"error":{"code":"quota_used","message":"room x: full"}}"#
        #expect(address.refusal(status: 403, body: Array(body.utf8)) == ChatError(.notAllowed, "room x: full"))
    }

    @Test func `an error of the network says what happened and where`() {
        let table: [(any Error, ErrorCode, String)] = [
            (NetFault.closed, .unavailable, "connection lost before the answer came"),
            (NetFault.timedOut, .timedOut, "no answer in time"),
            (NetFault.tooLarge(limit: 9), .tooLarge, "the answer is larger than 9 bytes"),
            (NetFault.notWebSocket, .configuration, "the answer is not a chatctl server's"),
            (ChannelError.connectTimeout(.seconds(5)), .unavailable, "no answer within 5 seconds"),
            (ChannelError.ioOnClosedChannel, .unavailable, "connection lost"),
            (IOError(errnoCode: 111, reason: "connect"), .unavailable, "connection refused"),
        ]
        for (error, code, why) in table {
            let fault = address.fault(error)
            #expect(fault.code == code)
            #expect(fault.message == "server http://h:1: \(why)")
        }
    }

    @Test func `an error of ours and a cancellation stay what they are`() {
        #expect(address.fault(ChatError(.banned, "x")) == ChatError(.banned, "x"))
        #expect(address.fault(CancellationError()).code == .interrupted)
    }
}
