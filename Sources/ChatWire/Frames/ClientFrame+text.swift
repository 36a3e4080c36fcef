import ChatCore

/// The frames a client writes, as text that is yet to be framed and masked.
extension ClientFrame {
    /// - Parameters:
    ///   - after: the `seq` behind which the room is to be replayed.
    ///   - epoch: the log that `after` counts in, where it is known.
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
