import ChatCore
import NIOCore

// The format on a room's channel: a version, the sender, the kind, and then either a batch with the frames of its
// messages as they go to sockets, or an event of high volume. Numbers are big-endian; a text follows its length in two
// bytes.

/// One payload on a room's channel.
enum RedisPayload: Equatable {
    case batch(MessageBatch)
    case typing(room: RoomReference, Username)
    case presence(PresenceChange)

    private static let version: UInt8 = 1

    private enum Kind: UInt8 {
        case batch = 1
        case typing
        case presence
    }

    /// The payload of a high-volume event and its room; nil for a critical event, which must not depend on Redis.
    static func highVolume(_ event: Event) -> (room: RoomID, payload: RedisPayload)? {
        switch event {
        case .typing(let room, let username): (room.id, .typing(room: room, username))
        case .presence(let change): (change.room.id, .presence(change))
        case .messageDeleted, .messageEdited, .roomChanged, .roomGained, .removed, .roomDeleted, .disabled,
            .roleChanged, .sessionEnded:
            nil
        }
    }

    /// What a payload says, which is nothing when this process sent it. Returns nil when it is malformed or of another
    /// version.
    static func decode(_ payload: ByteBuffer, in room: RoomID, besides origin: UInt64) -> [BusEvent]? {
        var buffer = payload
        guard buffer.readInteger(as: UInt8.self) == version, let sender = buffer.readInteger(as: UInt64.self),
            let kind = buffer.readInteger(as: UInt8.self).flatMap(Kind.init)
        else { return nil }
        if sender == origin { return [] }
        switch kind {
        case .batch: return buffer.readBatch(of: room).map { [.batch($0)] }
        case .typing:
            guard let room = buffer.readRoom(room), let user = buffer.readUsername() else { return nil }
            return [.event(.typing(room: room, username: user))]
        case .presence:
            guard let room = buffer.readRoom(room), let joined = buffer.readUsernames(),
                let left = buffer.readUsernames()
            else { return nil }
            return [.event(.presence(PresenceChange(room: room, joined: joined, left: left)))]
        }
    }

    func encoded(from origin: UInt64) -> [UInt8] {
        var buffer = ByteBuffer()
        buffer.writeInteger(Self.version)
        buffer.writeInteger(origin)
        switch self {
        case .batch(let batch):
            buffer.writeInteger(Kind.batch.rawValue)
            buffer.write(batch)
        case .typing(let room, let username):
            buffer.writeInteger(Kind.typing.rawValue)
            buffer.write(room.name.text)
            buffer.write(username.text)
        case .presence(let change):
            buffer.writeInteger(Kind.presence.rawValue)
            buffer.write(change.room.name.text)
            buffer.write(change.joined)
            buffer.write(change.left)
        }
        return Array(buffer: buffer)
    }
}

extension ByteBuffer {
    /// No room gets that many messages, and what is added to it overflows nothing.
    private static let greatestSeq: Int64 = 1 << 53

    fileprivate mutating func write(_ text: String) {
        writeInteger(UInt16(text.utf8.count))
        writeString(text)
    }

    fileprivate mutating func readText() -> String? {
        readInteger(as: UInt16.self).flatMap { readString(length: Int($0)) }
    }

    fileprivate mutating func write(_ names: [Username]) {
        writeInteger(UInt32(names.count))
        for name in names { write(name.text) }
    }

    fileprivate mutating func readRoom(_ id: RoomID) -> RoomReference? {
        readText().flatMap { try? RoomName($0) }.map { RoomReference(id: id, name: $0) }
    }

    fileprivate mutating func readUsername() -> Username? { readText().flatMap { try? Username($0) } }

    fileprivate mutating func readUsernames() -> [Username]? {
        guard let count = readInteger(as: UInt32.self) else { return nil }
        // Not reserved: the count is not to be trusted.
        var names: [Username] = []
        for _ in 0..<count {
            guard let name = readUsername() else { return nil }
            names.append(name)
        }
        return names
    }

    fileprivate mutating func write(_ batch: MessageBatch) {
        writeInteger(batch.firstSeq)
        writeInteger(UInt32(batch.ends.count))
        for end in batch.ends { writeInteger(UInt32(end)) }
        writeBytes(batch.bytes)
    }

    /// Returns nil unless the ends of the messages rise up to the last byte and the numbers can be counted on.
    fileprivate mutating func readBatch(of room: RoomID) -> MessageBatch? {
        guard let first = readInteger(as: Int64.self), let count = readInteger(as: UInt32.self),
            count > 0, Int(count) <= readableBytes / 4, (1...Self.greatestSeq).contains(first)
        else { return nil }
        var ends: [Int] = []
        ends.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let end = readInteger(as: UInt32.self), end > ends.last ?? 0 else { return nil }
            ends.append(Int(end))
        }
        guard ends.last == readableBytes, let bytes = readBytes(length: readableBytes) else { return nil }
        return MessageBatch(room: room, firstSeq: first, bytes: bytes, ends: ends)
    }
}
