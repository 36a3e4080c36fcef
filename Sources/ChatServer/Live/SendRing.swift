import CLinux
import Glibc

// A message for 1,000 sockets takes 1,000 calls of send(2), and entering the kernel is a sixth of the cost of each. An
// io_uring submits many sends in one call. Non-blocking sends complete within that call, so nothing is in flight when
// it returns: no buffer has to be kept, and no descriptor can be closed meanwhile.

/// Sends to many sockets in one system call, `io_uring_enter(2)`; confined to the thread that created it.
final class SendRing {
    /// The maximum number of sends per call.
    private static let size: UInt32 = 256

    private let ring: Int32
    private let queues: Mapping
    private let entries: Mapping
    private let sends: UnsafeMutablePointer<io_uring_sqe>
    private let outcomes: UnsafePointer<io_uring_cqe>
    private let sendHead: UnsafeMutablePointer<UInt32>
    private let sendTail: UnsafeMutablePointer<UInt32>
    private let outcomeHead: UnsafeMutablePointer<UInt32>
    private let outcomeTail: UnsafeMutablePointer<UInt32>
    private let outcomeMask: UInt32
    /// The position of the next send, and how many were added since the last ``submit(_:)``.
    private var tail: UInt32 = 0
    private var added: UInt32 = 0

    /// Nil if the kernel is older than 5.6 or refuses, as in many containers.
    init?() {
        var setup = io_uring_params()
        guard let ring = Self.make(&setup) else { return nil }
        let (from, to) = (setup.sq_off, setup.cq_off)
        let bytes = max(
            Int(from.array) + Int(setup.sq_entries) * MemoryLayout<UInt32>.stride,
            Int(to.cqes) + Int(setup.cq_entries) * MemoryLayout<io_uring_cqe>.stride)
        guard let queues = Mapping(of: ring, at: Int(IORING_OFF_SQ_RING), bytes: bytes),
            let entries = Mapping(
                of: ring, at: Int(IORING_OFF_SQES),
                bytes: Int(setup.sq_entries) * MemoryLayout<io_uring_sqe>.stride)
        else {
            close(ring)
            return nil
        }
        (self.ring, self.queues, self.entries) = (ring, queues, entries)
        sends = entries.start.bindMemory(to: io_uring_sqe.self, capacity: Int(setup.sq_entries))
        (sendHead, sendTail) = (queues.word(from.head), queues.word(from.tail))
        (outcomeHead, outcomeTail) = (queues.word(to.head), queues.word(to.tail))
        outcomeMask = queues.word(to.ring_mask).pointee
        outcomes = UnsafePointer((queues.start + Int(to.cqes)).assumingMemoryBound(to: io_uring_cqe.self))
        // Entries are used in order, so the index queue never changes.
        for index in 0..<setup.sq_entries { queues.word(from.array)[Int(index)] = index }
    }

    deinit { close(ring) }

    private static func make(_ setup: inout io_uring_params) -> Int32? {
        // IORING_SETUP_SUBMIT_ALL, SINGLE_ISSUER, DEFER_TASKRUN as numbers: the headers of some systems lack the names.
        setup.flags = 1 << 7 | 1 << 12 | 1 << 13
        var ring = ring_setup(size, &setup)
        if ring < 0 {
            // Linux before 6.1 does not know these flags.
            setup = io_uring_params()
            ring = ring_setup(size, &setup)
        }
        return ring < 0 ? nil : ring
    }

    var isFull: Bool { added == Self.size }

    /// Adds a send; the bytes must stay valid until ``submit(_:)``. The ring must not be full.
    ///
    /// - Parameter tag: identifies the send in ``submit(_:)``.
    func add(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, tag: Int) {
        var send = io_uring_sqe()
        send.opcode = UInt8(IORING_OP_SEND.rawValue)
        send.fd = descriptor
        send.addr = UInt64(UInt(bitPattern: bytes.baseAddress))
        send.len = UInt32(bytes.count)
        send.msg_flags = UInt32(bitPattern: Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        send.user_data = UInt64(UInt32(tag)) << 32 | UInt64(UInt32(bytes.count))
        sends[Int(tail & (Self.size - 1))] = send
        tail &+= 1
        added += 1
    }

    /// Performs the added sends.
    ///
    /// - Parameter fellShort: called for each incomplete send, with the number of bytes the socket accepted: 0 if it is
    ///   full or broken.
    func submit(_ fellShort: (_ tag: Int, _ sent: Int) -> Void) {
        ring_store(sendTail, tail)
        while added > 0 {
            let taken = ring_enter(ring, added, added)
            if taken < 0, errno == EINTR { continue }
            guard taken > 0 else { break }
            added -= min(added, UInt32(taken))
        }
        var head = outcomeHead.pointee
        let end = ring_load(outcomeTail)
        while head != end {
            let outcome = outcomes[Int(head & outcomeMask)]
            let wanted = outcome.user_data & 0xffff_ffff
            if outcome.res < wanted { fellShort(Int(outcome.user_data >> 32), max(0, Int(outcome.res))) }
            head &+= 1
        }
        ring_store(outcomeHead, head)
        takeBack(fellShort)
    }

    /// Withdraws sends that the kernel did not accept for lack of memory, so that a later call does not send them.
    private func takeBack(_ fellShort: (_ tag: Int, _ sent: Int) -> Void) {
        let first = ring_load(sendHead)
        while tail != first {
            tail &-= 1
            fellShort(Int(sends[Int(tail & (Self.size - 1))].user_data >> 32), 0)
        }
        added = 0
    }
}

/// Memory shared with the kernel.
private final class Mapping {
    let start: UnsafeMutableRawPointer
    private let bytes: Int

    init?(of ring: Int32, at offset: Int, bytes: Int) {
        let found = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset)
        guard let found, found != MAP_FAILED else { return nil }
        (start, self.bytes) = (found, bytes)
    }

    deinit { munmap(start, bytes) }

    func word(_ offset: UInt32) -> UnsafeMutablePointer<UInt32> {
        (start + Int(offset)).assumingMemoryBound(to: UInt32.self)
    }
}
