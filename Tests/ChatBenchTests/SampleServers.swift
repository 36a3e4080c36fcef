import ChatCore

@testable import ChatBench

/// Servers under test for values that do not connect, or that connect to a ``TinyServer``.
enum SampleServers {
    /// Nobody listens there: port 9 is that of the discard protocol.
    static func none(
        _ credential: ServerUnderTest.Credential = .tokens(["token"]), isTemporary: Bool = true, lastSeq: Int = 0,
        release: @escaping @Sendable () async -> Void = {}
    ) throws(ChatError) -> ServerUnderTest {
        ServerUnderTest(
            try Endpoint(url: "http://127.0.0.1:9", host: "127.0.0.1", port: 9), credential,
            rooms: [try RoomName("general")], process: nil, isTemporary: isTemporary, lastSeq: lastSeq,
            release: release)
    }

    static func at(
        _ server: TinyServer, rooms: [String] = ["general"], lastSeq: Int = 0
    ) throws(ChatError) -> ServerUnderTest {
        var names: [RoomName] = []
        for room in rooms { names.append(try RoomName(room)) }
        let endpoint = try Endpoint(url: server.url, host: "127.0.0.1", port: server.port)
        return ServerUnderTest(
            endpoint, .tokens(["token"]), rooms: names, process: nil, isTemporary: true, lastSeq: lastSeq, release: {})
    }
}

extension RunControl {
    /// A control that neither stops nor shows anything.
    static let silent = RunControl(isStopped: { false }, progress: { _ in })
}
