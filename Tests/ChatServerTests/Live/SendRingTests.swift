import Glibc
import Testing

@testable import ChatServer

/// Sends on real sockets; a machine that forbids io_uring(7) has nothing to test.
@Suite(.enabled(if: SendRing() != nil)) struct SendRingTests {
    @Test func `more sockets than fit one call get the bytes, in several rounds`() throws {
        let ring = try #require(SendRing())
        let pairs = try (0..<300).map { _ in try Pair() }
        for text in ["first", "second"] {
            #expect(ring.send(text, to: pairs.map(\.near)).isEmpty)
            #expect(pairs.allSatisfy { $0.received() == text })
        }
    }

    @Test func `a full socket and a broken one are told, with what they took, and the others get theirs`() throws {
        let ring = try #require(SendRing())
        let (first, full, broken, last) = (try Pair(), try Pair(), try Pair(), try Pair())
        let long = String(repeating: "x", count: 100_000)
        shutdown(broken.far, Int32(SHUT_RD))
        let short = ring.send(long, to: [full.near, broken.near])
        #expect(short.map(\.tag) == [0, 1] && short[1].sent == 0)
        let taken = full.received().utf8.count
        #expect(short[0].sent == taken && taken > 0 && taken < long.utf8.count)
        let rest = ring.send("text", to: [first.near, broken.near, last.near])
        #expect(rest.map(\.tag) == [1])
        #expect(first.received() == "text" && last.received() == "text")
    }
}

extension SendRing {
    /// What fell short.
    fileprivate func send(_ text: String, to descriptors: [Int32]) -> [(tag: Int, sent: Int)] {
        var short: [(tag: Int, sent: Int)] = []
        Array(text.utf8).withUnsafeBytes { bytes in
            for (tag, descriptor) in descriptors.enumerated() {
                add(bytes, to: descriptor, tag: tag)
                if isFull { submit { short.append(($0, $1)) } }
            }
            submit { short.append(($0, $1)) }
        }
        return short
    }
}

/// Two sockets that are connected and do not wait; the near one takes some 16 KB.
private final class Pair {
    let near: Int32
    let far: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        (near, far) = (ends[0], ends[1])
        var size: Int32 = 8_192
        setsockopt(near, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(near)
        close(far)
    }

    /// All that has come.
    func received() -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(far, &buffer, buffer.count, 0), count > 0 { all += buffer[..<count] }
        return String(decoding: all, as: UTF8.self)
    }
}
