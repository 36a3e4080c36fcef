import ChatCore
import Glibc
import Testing

@testable import ChatBench

@Suite struct LoadSocketTests {
    private static func socket(_ server: TinyServer) throws -> LoadSocket {
        try LoadSocket(index: 0, to: SampleServers.at(server).endpoint)
    }

    private static func frames(_ socket: LoadSocket, _ bytes: [UInt8]) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        (socket.incomplete + bytes).withUnsafeBytes { socket.frames(in: $0) { frames.append(Array($1)) } }
        return frames
    }

    @Test func `a frame that comes in pieces is put together`() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let socket = try Self.socket(server)
        #expect(Self.frames(socket, [0x81, 3, 1]).isEmpty && socket.incomplete == [0x81, 3, 1])
        #expect(Self.frames(socket, [2, 3, 0x81]) == [[1, 2, 3]] && socket.incomplete == [0x81])
        #expect(Self.frames(socket, [1, 9]) == [[9]] && socket.incomplete.isEmpty)
    }

    @Test func `what the kernel has no room for is kept and sent later`() throws {
        var ends: [Int32] = [0, 0]
        let server = try TinyServer()
        defer { server.stop() }
        let socket = try Self.socket(server)
        // Something that nobody reads: the socket becomes one end of a pair.
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(dup2(ends[0], socket.descriptor) == socket.descriptor)
        let large = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(!socket.send(large))
        #expect(!socket.send([1, 2, 3]))
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        var isSent = false
        while received.count < large.count + 3 {
            let count = read(ends[1], &chunk, chunk.count)
            if count > 0 { received += chunk[..<count] }
            if !isSent { isSent = socket.sendRest() }
            try #require(count > 0 || !isSent)
        }
        #expect(isSent && received == large + [1, 2, 3])
    }

    @Test func `a closed socket takes bytes and sends nothing`() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let socket = try Self.socket(server)
        socket.close()
        socket.close()
        #expect(socket.phase == .closed && socket.send([1]) && socket.sendRest())
    }
}
