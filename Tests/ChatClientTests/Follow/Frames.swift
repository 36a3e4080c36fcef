import ChatCore
import ChatWire
import NIOCore

@testable import ChatClient

/// Rooms and frames for tests of following, as the text that a client receives.
enum Frames {
    static let general = RoomName(stored: "general")
    static let dev = RoomName(stored: "dev")
    static let bob = Username(stored: "bob")

    static func value(_ seq: Int64, in room: RoomName = general, body: String = "hi") -> Message {
        Message(
            id: seq, room: RoomReference(id: RoomID(0), name: room), seq: seq, body: MessageBody(stored: body),
            author: Author(id: UserID(7), username: Username(stored: "alice"), displayName: "Alice"),
            createdAt: Timestamp(milliseconds: 0))
    }

    static func message(_ seq: Int64, in room: RoomName = general) -> [UInt8] {
        text(ServerFrame.message(value(seq, in: room)))
    }

    static func joined(
        _ ref: Int64, _ room: RoomName = general, lastSeq: Int64, epoch: String = "e1", count: Int = 1,
        recovered: Bool = true
    ) -> [UInt8] {
        text(
            ServerFrame.joined(
                ref: .number(ref), room: room, lastSeq: lastSeq, epoch: epoch, onlineCount: count,
                recovered: recovered))
    }

    static func refused(_ ref: Int64, _ error: ChatError) -> [UInt8] {
        text(ServerFrame.error(ref: .number(ref), error))
    }

    static func refused(_ ref: Int64, _ code: ErrorCode) -> [UInt8] {
        refused(ref, ChatError(code, "room x: no"))
    }

    static func removed(_ reason: RemovalReason, _ room: RoomName = general) -> [UInt8] {
        text(ServerFrame.removed(room: room, reason: reason))
    }

    static func room(_ name: RoomName) -> [UInt8] {
        text(
            ServerFrame.room(
                Room(
                    id: RoomID(0), name: name, kind: .public, topic: "", isArchived: false, lastSeq: 0,
                    lastMessageAt: nil, memberCount: 0,
                    onlineCount: 0, createdAt: Timestamp(milliseconds: 0))))
    }

    /// The payload of a server's text frame.
    static func text(_ frame: [UInt8]) -> [UInt8] {
        var decoder = FrameDecoder(role: .client)
        decoder.feed(ByteBuffer(bytes: frame))
        guard case .text(let bytes)? = try? decoder.next() else { return [] }
        return bytes
    }
}

extension FollowState {
    /// A state that joined `general`, and `dev` where there are two, by joins 1 and 2 in the order of their names.
    static func joined(after: Int64, lastSeq: Int64? = nil, isAlone: Bool = true) -> FollowState {
        var state = FollowState()
        _ = state.add(RoomPosition(room: Frames.general, after: after))
        if !isAlone { _ = state.add(RoomPosition(room: Frames.dev, after: after)) }
        _ = state.connected()
        if !isAlone { _ = state.received(Frames.joined(1, Frames.dev, lastSeq: lastSeq ?? after)) }
        _ = state.received(Frames.joined(isAlone ? 1 : 2, lastSeq: lastSeq ?? after))
        return state
    }
}

extension FollowState.Action {
    static func notice(_ text: String) -> FollowState.Action { .item(.notice(text)) }

    static func join(_ room: RoomName, after: Int64, epoch: String? = nil, _ number: Int64) -> FollowState.Action {
        .send(ClientFrame.join(room, after: after, epoch: epoch, ref: number))
    }

    static func fetch(
        _ room: RoomName = Frames.general, after: Int64, through: Int64, join: Int64 = 1
    ) -> FollowState.Action {
        .fetch(FollowState.Gap(join: FollowState.Join(room: room, number: join), after: after, through: through))
    }

    static func messages(_ seqs: ClosedRange<Int64>, in room: RoomName = Frames.general) -> [FollowState.Action] {
        seqs.map { .item(.message(Frames.value($0, in: room), epoch: "e1")) }
    }

    static func count(_ count: Int = 1, _ room: RoomName = Frames.general) -> FollowState.Action {
        .item(.onlineCount(room: room, count: count))
    }
}
