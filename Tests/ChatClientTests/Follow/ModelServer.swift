import ChatCore
import ChatTestKit
import ChatWire

@testable import ChatClient

/// A server in memory with one client: rooms with logs, and frames on their way that may be lost or doubled.
struct ModelServer {
    /// Messages of one page of the log, and messages replayed by a join.
    private static let page = 3
    private static let replay = 4

    /// The epoch of the room that each name stands for.
    private(set) var names: [RoomName: String]
    /// How far the log with each epoch goes.
    private(set) var logs: [String: Int64]
    private var joined: Set<String> = []
    /// Frames of the client that were not read yet, and joins that wait for the database.
    private var unread: [[UInt8]] = []
    private var pending: [Join] = []
    /// Frames on their way to the client.
    private var frames: [[UInt8]] = []
    private(set) var isConnected = false

    private struct Join {
        let room: RoomName
        let after: Int64?
        let epoch: String?
        let ref: Ref?
    }

    init(rooms: [RoomName]) {
        names = Dictionary(uniqueKeysWithValues: rooms.map { ($0, "epoch of \($0)") })
        logs = Dictionary(uniqueKeysWithValues: names.values.map { ($0, 0) })
    }

    func end(of room: RoomName) -> Int64 { names[room].flatMap { logs[$0] } ?? 0 }

    /// What HTTP says of the log with an epoch.
    func log(epoch: String) -> RoomLog? {
        names.first { $0.value == epoch }.map { RoomLog(name: $0.key, epoch: epoch, lastSeq: logs[epoch] ?? 0) }
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
        guard let epoch = names[room] else { return }
        let seq = (logs[epoch] ?? 0) + 1
        logs[epoch] = seq
        guard joined.contains(epoch) else { return }
        let copies = [0, 1, 1, 1, 1, 2].randomElement(using: &random) ?? 1
        for _ in 0..<copies { frames.append(Frames.message(seq, in: room)) }
    }

    mutating func kick(from room: RoomName) {
        if let epoch = names[room], joined.remove(epoch) != nil { frames.append(Frames.removed(.kicked, room)) }
    }

    /// Gives a room a name that no other room has.
    mutating func rename(_ room: RoomName, to name: RoomName) {
        guard names[name] == nil, let epoch = names.removeValue(forKey: room) else { return }
        names[name] = epoch
        if joined.contains(epoch) { frames.append(Frames.room(name)) }
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
        case .join(let room, let after, let epoch):
            pending.append(Join(room: RoomName(stored: room), after: after, epoch: epoch, ref: frame.ref))
        case .leave(let room?): if let epoch = names[RoomName(stored: room)] { joined.remove(epoch) }
        default: break
        }
    }

    private mutating func answer(_ join: Join, _ random: inout Seeded) {
        guard Int.random(in: 0..<8, using: &random) > 0 else {
            return refuse(join, ChatError(.unavailable, "room \(join.room): later"))
        }
        guard let epoch = names[join.room] else { return refuse(join, .noRoom(join.room)) }
        let (end, after) = (logs[epoch] ?? 0, join.after ?? 0)
        let recovers = end - after <= Int64(Self.replay) && after <= end && join.epoch ?? epoch == epoch
        joined.insert(epoch)
        frames.append(
            Frames.text(
                ServerFrame.joined(
                    ref: join.ref, room: join.room, lastSeq: end, epoch: epoch, onlineCount: 1, recovered: recovers)))
        if recovers, after < end { frames += (after + 1...end).map { Frames.message($0, in: join.room) } }
    }

    private mutating func refuse(_ join: Join, _ error: ChatError) {
        frames.append(Frames.text(ServerFrame.error(ref: join.ref, error)))
    }

    /// A page of a log, as HTTP gives it.
    func messages(of log: RoomLog, _ gap: FollowState.Gap) -> [Message] {
        guard let now = self.log(epoch: log.epoch) else { return [] }
        let end = min(now.lastSeq, gap.after + Int64(Self.page))
        return gap.after < end ? (gap.after + 1...end).map { Frames.value($0, in: now.name) } : []
    }
}
