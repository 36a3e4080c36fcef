import ChatCore
import Testing

@testable import ChatBench

@Suite struct LoadGeneratorTests {
    /// Keeps what it receives.
    private final class Receiver: LoadReceiver {
        var opened: [Int] = []
        var texts: [String] = []

        func opened(_ socket: LoadSocket) { opened.append(socket.index) }
        func received(_ payload: UnsafeRawBufferPointer, on socket: LoadSocket, at now: UInt64) {
            texts.append("\(socket.index): \(String(decoding: payload, as: UTF8.self))")
        }
    }

    /// Takes turns until `isDone`, 10 s at most.
    private static func turn(_ load: LoadGenerator, until isDone: () -> Bool) -> Bool {
        load.turn(for: 10_000_000_000, until: isDone)
        return isDone()
    }

    @Test func `connections open and exchange frames`() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let receiver = Receiver()
        let load = try LoadGenerator(SampleServers.at(server), path: "/ws", receiver: receiver)
        defer { load.closeAll() }
        for _ in 0..<3 { try load.connect() }
        #expect(Self.turn(load) { receiver.opened.count == 3 })
        load.send(Array(#"{"event":"join"}"#.utf8), on: load.sockets[1])
        #expect(Self.turn(load) { !receiver.texts.isEmpty })
        #expect(receiver.texts == [#"1: {"ok":true,"event":"joined"}"#] && load.failure == nil)
    }

    @Test func `a large message arrives whole at everyone`() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let receiver = Receiver()
        let load = try LoadGenerator(SampleServers.at(server), path: "/ws/chatroom/general", receiver: receiver)
        defer { load.closeAll() }
        for _ in 0..<2 { try load.connect() }
        #expect(Self.turn(load) { receiver.texts.count == 2 })
        let body = String(repeating: "x", count: 5_000)
        load.send(Array(#"{"body":"\#(body)","ref":4}"#.utf8), on: load.sockets[0])
        #expect(Self.turn(load) { receiver.texts.count == 5 })
        #expect(receiver.texts.contains(#"0: {"ok":true,"event":"ack","ref":4}"#))
        for index in 0..<2 { #expect(receiver.texts.contains("\(index): {\"body\":\"\(body)\",\"ref\":4}")) }
    }

    @Test func `a ping is answered`() throws {
        let server = try TinyServer(TinyServer.Faults(pings: true))
        defer { server.stop() }
        let receiver = Receiver()
        let load = try LoadGenerator(SampleServers.at(server), path: "/ws/chatroom/general", receiver: receiver)
        defer { load.closeAll() }
        try load.connect()
        #expect(Self.turn(load) { !receiver.texts.isEmpty })
    }

    @Test func `a refused upgrade is the failure, with its status`() throws {
        let server = try TinyServer(TinyServer.Faults(status: "401 Unauthorized"))
        defer { server.stop() }
        let receiver = Receiver()
        let load = try LoadGenerator(SampleServers.at(server), path: "/ws", receiver: receiver)
        try load.connect()
        #expect(Self.turn(load) { load.failure != nil })
        #expect(load.failure?.code == .unavailable)
        #expect(load.failure?.message == "server \(server.url): it answered 'HTTP/1.1 401 Unauthorized'")
        #expect(receiver.opened.isEmpty)
    }

    @Test func `a connection that the server closes is the failure, with its code`() throws {
        let server = try TinyServer(TinyServer.Faults(closesOnMessage: true))
        defer { server.stop() }
        let receiver = Receiver()
        let load = try LoadGenerator(SampleServers.at(server), path: "/ws/chatroom/general", receiver: receiver)
        try load.connect()
        #expect(Self.turn(load) { !receiver.texts.isEmpty })
        load.send(Array(#"{"body":"a","ref":0}"#.utf8), on: load.sockets[0])
        #expect(Self.turn(load) { load.failure != nil })
        #expect(load.failure?.message == "server \(server.url): it closed the connection with code 4008")
    }

    @Test func `a port on which nobody listens is the failure`() throws {
        let server = try TinyServer()
        let place = try SampleServers.at(server)
        server.stop()
        let load = try LoadGenerator(place, path: "/ws", receiver: Receiver())
        // The kernel reports it at once or to the first read.
        do throws(ChatError) { try load.connect() } catch {
            #expect(error.code == .unavailable)
            return
        }
        #expect(Self.turn(load) { load.failure != nil })
        #expect(load.failure?.code == .unavailable)
    }
}
