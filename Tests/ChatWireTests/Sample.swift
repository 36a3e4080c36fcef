import ChatCore
import NIOCore

@testable import ChatWire

/// Values that the golden texts show, and text of what was written.
enum Sample {
    static let moment = Timestamp(milliseconds: 1_795_454_816_682)
    static let time = "2026-11-23T17:26:56.682Z"
    static let general = RoomReference(id: RoomID(1), name: RoomName(stored: "general"))
    static let author = Author(id: UserID(7), username: Username(stored: "alice"), displayName: "Alice")
    static let bob = Username(stored: "bob")
    static let room = Room(
        id: RoomID(0), name: general.name, kind: .private, topic: "a \"topic\"", isArchived: true, lastSeq: 45,
        lastMessageAt: moment, memberCount: 3, onlineCount: 2, createdAt: moment)

    static func message(seq: Int64 = 45, body: String = "hi", isDeleted: Bool = false) -> Message {
        Message(
            id: 123, room: RoomReference(id: RoomID(0), name: general.name), seq: seq, body: MessageBody(stored: body),
            author: author, createdAt: moment, isDeleted: isDeleted)
    }

    /// The text of one frame; empty when it is no whole text frame.
    static func text(_ frame: [UInt8]) throws -> String {
        var decoder = FrameDecoder(role: .client, limit: 1 << 24)
        decoder.feed(ByteBuffer(bytes: frame))
        guard case .text(let bytes) = try decoder.next() else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func text(_ write: (inout JSONWriter) -> Void) -> String {
        String(decoding: JSON.document(write), as: UTF8.self)
    }
}
