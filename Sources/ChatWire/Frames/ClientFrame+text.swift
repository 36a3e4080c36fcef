import ChatCore

/// Encodes the frames that our client sends, as JSON text that is not yet framed or masked.
extension ClientFrame {
    /// - Parameters:
    ///   - after: the last `seq` the client has seen; the messages after it are replayed.
    ///   - epoch: the epoch of the log that `after` refers to, if known.
    package static func join(_ room: RoomName, after: Int64, epoch: String?, ref: Int64) -> [UInt8] {
        JSON.document { json in
            json.object { json in
                json.field("event", "join")
                json.field("ref", ref)
                json.field("room", room.text)
                json.field("after", after)
                if let epoch { json.field("epoch", epoch) }
            }
        }
    }

    package static func leave(_ room: RoomName) -> [UInt8] {
        JSON.document { json in
            json.object { json in
                json.field("event", "leave")
                json.field("room", room.text)
            }
        }
    }
}
