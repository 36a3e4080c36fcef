import ChatCore

/// Encodes the frames a server sends (docs/protocol.md, "Server frames"), each as one unmasked WebSocket text
/// frame.
package enum ServerFrame {
    package static func joined(
        ref: Ref?, room: RoomName, lastSeq: Int64, epoch: String, onlineCount: Int, recovered: Bool
    ) -> [UInt8] {
        frame("joined", ref) { json in
            json.field("room", room.text)
            json.field("last_seq", lastSeq)
            json.field("epoch", epoch)
            json.field("online_count", onlineCount)
            json.field("recovered", recovered)
        }
    }

    package static func left(ref: Ref?, room: RoomName) -> [UInt8] {
        frame("left", ref) { $0.field("room", room.text) }
    }

    package static func ack(ref: Ref?, room: RoomName, id: Int64, seq: Int64, clientID: ClientID?) -> [UInt8] {
        frame("ack", ref) { json in
            json.field("room", room.text)
            json.field("id", id)
            json.field("seq", seq)
            if let clientID { json.field("client_id", clientID.text) }
        }
    }

    package static func pong(ref: Ref?) -> [UInt8] {
        frame("pong", ref) { _ in }
    }

    package static func message(_ message: Message) -> [UInt8] {
        frame("message", nil) { $0.content(of: message) }
    }

    package static func onlineCount(room: RoomName, count: Int) -> [UInt8] {
        frame("online_count", nil) { json in
            json.field("room", room.text)
            json.field("online_count", count)
        }
    }

    package static func presence(room: RoomName, joined: [Username], left: [Username]) -> [UInt8] {
        frame("presence", nil) { json in
            json.field("room", room.text)
            json.key("joined")
            json.array(joined) { $0.value($1.text) }
            json.key("left")
            json.array(left) { $0.value($1.text) }
        }
    }

    package static func typing(room: RoomName, username: Username) -> [UInt8] {
        frame("typing", nil) { json in
            json.field("room", room.text)
            json.field("username", username.text)
        }
    }

    package static func messageDeleted(room: RoomName, seq: Int64) -> [UInt8] {
        frame("message_deleted", nil) { json in
            json.field("room", room.text)
            json.field("seq", seq)
        }
    }

    package static func messageEdited(_ message: Message) -> [UInt8] {
        frame("message_edited", nil) { $0.content(of: message) }
    }

    package static func edited(ref: Ref?, room: RoomName, seq: Int64) -> [UInt8] {
        frame("edited", ref) { json in
            json.field("room", room.text)
            json.field("seq", seq)
        }
    }

    package static func room(_ room: Room) -> [UInt8] {
        frame("room", nil) { json in
            json.key("room")
            json.room(room)
        }
    }

    package static func removed(room: RoomName, reason: RemovalReason) -> [UInt8] {
        frame("removed", nil) { json in
            json.field("room", room.text)
            json.field("reason", reason.rawValue)
        }
    }

    /// An error that leaves the connection open. An error that concerns no field is listed under `detail`.
    package static func error(ref: Ref?, _ error: ChatError) -> [UInt8] {
        let error = error.outward
        return WebSocketFrame.text { json in
            json.object { json in
                json.field("ok", false)
                json.field("event", "error")
                json.ref(ref)
                json.field("code", frameCode(error.code))
                json.fieldErrors(error.fields.isEmpty ? ["detail": [error.message]] : error.fields)
                if let wait = error.retryAfter { json.field("retry_after_ms", wait.milliseconds) }
            }
        }
    }

    /// Maps the core's error codes to those of frames (docs/protocol.md, "Error frames").
    package static func frameCode(_ code: ErrorCode) -> String {
        switch code {
        case .invalidJSON, .invalidFrame, .invalidBody, .roomNotFound, .notJoined, .notAMember, .banned, .muted,
            .archived, .rateLimited, .unavailable, .clientIDReused:
            code.rawValue
        case .invalidInput, .usage, .tooLarge: ErrorCode.invalidFrame.rawValue
        case .notAllowed, .unauthenticated, .disabled: ErrorCode.notAMember.rawValue
        case .userNotFound, .messageNotFound, .tokenNotFound, .notFound: ErrorCode.roomNotFound.rawValue
        case .alreadyExists, .timedOut, .expectationFailed, .configuration, .interrupted, .outputFailed, .fault,
            .methodNotAllowed:
            ErrorCode.unavailable.rawValue
        }
    }

    private static func frame(
        _ event: String, _ ref: Ref?, _ content: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        WebSocketFrame.text { $0.frame(event, ref, content) }
    }
}

extension JSONWriter {
    /// Writes the object of a frame that is not an error.
    mutating func frame(_ event: String, _ ref: Ref?, _ content: (inout JSONWriter) -> Void) {
        object { json in
            json.field("ok", true)
            json.field("event", event)
            json.ref(ref)
            content(&json)
        }
    }

    /// Writes the fields of a message frame.
    mutating func content(of message: Message) {
        key("message")
        self.message(message)
    }

    fileprivate mutating func ref(_ ref: Ref?) {
        guard let ref else { return }
        key("ref")
        raw(ref.json)
    }
}
