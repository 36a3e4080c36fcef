import ChatCore

/// A frame sent by a server, as decoded by a client that follows rooms (docs/protocol.md, "Server frames").
package enum ReceivedFrame: Equatable, Sendable {
    case message(Message)
    case messageDeleted(room: RoomName, seq: Int64)
    case messageEdited(Message)
    case onlineCount(room: RoomName, count: Int)
    case presence(room: RoomName, joined: [Username], left: [Username])
    case typing(room: RoomName, username: Username)
    case room(Room)
    /// `reason` is nil if this client does not know it.
    case removed(room: RoomName, reason: RemovalReason?)
    case joined(Joined)
    case error(Refusal)
    /// A frame that is unknown, or irrelevant for a follower.
    case other

    /// The answer to a join.
    package struct Joined: Equatable, Sendable {
        /// The `ref` of the join, if it was a whole number.
        package let ref: Int64?
        package let room: RoomName
        package let lastSeq: Int64
        package let epoch: String
        package let onlineCount: Int
        package let recovered: Bool
    }

    /// The answer to a frame that the server refused.
    package struct Refusal: Equatable, Sendable {
        /// The `ref` of the refused frame, if it was a whole number.
        package let ref: Int64?
        package let error: ChatError
    }

    /// Decodes the text of one frame.
    ///
    /// - Throws: `invalidJSON`, or `invalidInput` for a known event with missing or invalid fields.
    package init(_ text: [UInt8]) throws(ChatError) {
        self = try ShapeCoder.decode(ReceivedFrame.self, from: text)
    }

    /// Returns true for presence and typing frames, which are worthless when late, without decoding the whole frame.
    package static func isPassing(_ text: [UInt8]) -> Bool {
        var scanner = JSONScanner(text)
        var event: JSONScanner.Value?
        _ = try? scanner.members { if $0 == Keys.event.rawValue { event = $1 } }
        switch event.flatMap(scanner.text) {
        case "online_count", "presence", "typing": return true
        default: return false
        }
    }
}

extension ReceivedFrame: Decodable {
    fileprivate enum Keys: String, CodingKey {
        case event, ref, room, seq, message, reason, username, joined, left, epoch, recovered, code, errors
        case lastSeq = "last_seq"
        case onlineCount = "online_count"
        case retryAfter = "retry_after_ms"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Keys.self)
        switch try fields.decode(String.self, forKey: .event) {
        case "message": self = .message(try fields.decode(MessageShape.self, forKey: .message).message)
        case "message_edited":
            self = .messageEdited(try fields.decode(MessageShape.self, forKey: .message).message)
        case "message_deleted":
            self = .messageDeleted(room: try fields.room, seq: try fields.decode(Int64.self, forKey: .seq))
        case "online_count":
            self = .onlineCount(room: try fields.room, count: try fields.decode(Int.self, forKey: .onlineCount))
        case "presence":
            self = .presence(
                room: try fields.room, joined: try fields.decode([Username].self, forKey: .joined),
                left: try fields.decode([Username].self, forKey: .left))
        case "typing":
            self = .typing(room: try fields.room, username: try fields.decode(Username.self, forKey: .username))
        case "room": self = .room(try fields.decode(RoomShape.self, forKey: .room).room)
        case "removed":
            let reason = try fields.decode(String.self, forKey: .reason)
            self = .removed(room: try fields.room, reason: RemovalReason(rawValue: reason))
        case "joined": self = .joined(try Joined(fields))
        case "error": self = .error(try Refusal(fields))
        default: self = .other
        }
    }
}

extension KeyedDecodingContainer<ReceivedFrame.Keys> {
    fileprivate var room: RoomName { get throws { try decode(RoomName.self, forKey: .room) } }

    /// Our own refs are whole numbers; a frame with any other ref does not answer us.
    fileprivate var ref: Int64? { try? decode(Int64.self, forKey: .ref) }
}

extension ReceivedFrame.Joined {
    fileprivate init(_ fields: KeyedDecodingContainer<ReceivedFrame.Keys>) throws {
        ref = fields.ref
        room = try fields.room
        lastSeq = try fields.decode(Int64.self, forKey: .lastSeq)
        epoch = try fields.decode(String.self, forKey: .epoch)
        onlineCount = try fields.decode(Int.self, forKey: .onlineCount)
        recovered = try fields.decode(Bool.self, forKey: .recovered)
    }
}

extension ReceivedFrame.Refusal {
    /// A code that this client does not know counts as a server fault.
    fileprivate init(_ fields: KeyedDecodingContainer<ReceivedFrame.Keys>) throws {
        ref = fields.ref
        let code = ErrorCode(rawValue: try fields.decode(String.self, forKey: .code)) ?? .fault
        let errors = try fields.decodeIfPresent([String: [String]].self, forKey: .errors) ?? [:]
        let wait = try fields.decodeIfPresent(Int64.self, forKey: .retryAfter)
        error = ChatError(
            code, Self.message(of: errors), retryAfter: wait.map { .milliseconds($0) },
            fields: errors.filter { $0.key != "detail" })
    }

    /// The first sentence, prefixed with its field's name; `detail` is not a field.
    private static func message(of errors: [String: [String]]) -> String {
        guard let (field, sentences) = errors.min(by: { $0.key < $1.key }), let why = sentences.first else {
            return "the server refused"
        }
        return field == "detail" ? why : "\(field): \(why)"
    }
}
