import ChatCore
import ChatTestKit
import ChatWire

@testable import ChatClient

/// A server in memory with one client: rooms with logs, and frames on their way that may be lost or doubled.
struct ModelServer {
    /// Messages of one page of the log, and messages replayed by a join.
    private static let page = 3
    private static let replay = 4

    private(set) var logs: [RoomName: Int64]
    private var joined: Set<RoomName> = []
    /// Frames of the client that were not read yet, and joins that wait for the database.
    private var unread: [[UInt8]] = []
    private var pending: [(room: RoomName, after: Int64?, ref: Ref?)] = []
    /// Frames on their way to the client.
    private var frames: [[UInt8]] = []
    private(set) var isConnected = false

    init(rooms: [RoomName]) {
        logs = Dictionary(uniqueKeysWithValues: rooms.map { ($0, 0) })
    }

    // MARK: Connection

    mutating func connect() { isConnected = true }

    mutating func disconnect() {
        (isConnected, joined, unread, pending, frames) = (false, [], [], [], [])
    }

    mutating func receive(_ text: [UInt8]) { if isConnected { unread.append(text) } }

    mutating func nextFrame() -> [UInt8]? { frames.isEmpty ? nil : frames.removeFirst() }

    var isIdle: Bool { unread.isEmpty && pending.isEmpty && frames.isEmpty }

    // MARK: Acts

    mutating func post(to room: RoomName, _ random: inout Seeded) {
        let seq = (logs[room] ?? 0) + 1
        logs[room] = seq
        guard joined.contains(room) else { return }
        let copies = [0, 1, 1, 1, 1, 2].randomElement(using: &random) ?? 1
        for _ in 0..<copies { frames.append(Frames.message(seq, in: room)) }
    }

    mutating func kick(from room: RoomName) {
        if joined.remove(room) != nil { frames.append(Frames.removed(.kicked, room)) }
    }

    /// Reads one frame of the client, or answers a join; joins are answered in any order.
    mutating func work(_ random: inout Seeded) {
        if !unread.isEmpty, pending.isEmpty || Bool.random(using: &random) {
            read(unread.removeFirst())
        } else if !pending.isEmpty {
            answer(pending.remove(at: Int.random(in: 0..<pending.count, using: &random)), &random)
        }
    }

    private mutating func read(_ text: [UInt8]) {
        guard case .success(let frame) = ClientFrame.parse(text) else { return }
        switch frame.event {
        case .join(let room, let after, _): pending.append((RoomName(stored: room), after, frame.ref))
        case .leave(let room?): joined.remove(RoomName(stored: room))
        default: break
        }
    }

    private mutating func answer(_ join: (room: RoomName, after: Int64?, ref: Ref?), _ random: inout Seeded) {
        if Int.random(in: 0..<8, using: &random) == 0 {
            let error = ChatError(.unavailable, "room \(join.room): later")
            return frames.append(Frames.text(ServerFrame.error(ref: join.ref, error)))
        }
        let (end, after) = (logs[join.room] ?? 0, join.after ?? 0)
        let recovers = end - after <= Int64(Self.replay)
        joined.insert(join.room)
        frames.append(
            Frames.text(
                ServerFrame.joined(
                    ref: join.ref, room: join.room, lastSeq: end, epoch: "e", onlineCount: 1, recovered: recovers)))
        if recovers, after < end { frames += (after + 1...end).map { Frames.message($0, in: join.room) } }
    }

    /// A page of the log, as HTTP gives it.
    func messages(_ gap: FollowState.Gap) -> [Message] {
        let end = min(logs[gap.join.room] ?? 0, gap.after + Int64(Self.page))
        return gap.after < end ? (gap.after + 1...end).map { Frames.value($0, in: gap.join.room) } : []
    }
}
