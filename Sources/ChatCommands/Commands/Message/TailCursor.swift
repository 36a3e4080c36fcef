import ChatCore
import ChatWire

// Places are kept by epoch: a name may mean another room next time. With each place stands the name its room had, by
// which the next run sees that a room was made anew: its messages are then all news.

/// How far a tail has printed each room, kept in a file.
struct TailCursor {
    /// Where a run starts in a room.
    enum Start: Equatable {
        /// The room is not in the file.
        case first
        /// Behind this `seq`.
        case after(Int64)
        /// The name was that of another log, or the log is shorter than it was.
        case anew
    }

    private enum Entry: Codable {
        case place(Place)
        /// Of a room that did not exist yet, or in a file of an earlier version: the key is a name.
        case seq(Int64)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let seq = try? value.decode(Int64.self) {
                self = .seq(seq)
            } else {
                self = .place(try value.decode(Place.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var value = encoder.singleValueContainer()
            switch self {
            case .place(let place): try value.encode(place)
            case .seq(let seq): try value.encode(seq)
            }
        }
    }

    private struct Place: Codable {
        let room: String
        let seq: Int64
    }

    private let file: String?
    /// As they were at the start of the run: what it has printed of one room must not change where it begins in another.
    private let found: [String: Entry]
    private var entries: [String: Entry]

    /// - Throws: `configuration` for a file that is no cursor or cannot be written: better now than after a message was
    ///   printed, which would be printed again next time.
    init(file: String?) throws(ChatError) {
        self.file = file
        var entries: [String: Entry] = [:]
        if let file, let text = try TextFile.read(file) {
            guard let found = try? ShapeCoder.decode([String: Entry].self, from: Array(text.utf8)) else {
                throw ChatError(.configuration, "\(file): not a cursor file", hint: "remove it to start afresh")
            }
            entries = found
        }
        self.entries = entries
        found = entries
        try save()
    }

    func start(of log: RoomLog) -> Start {
        switch found[log.epoch] ?? found[log.name.text] {
        case .place(let place): return place.seq <= log.lastSeq ? .after(place.seq) : .anew
        case .seq(let seq): return seq <= log.lastSeq ? .after(seq) : .anew
        case nil: break
        }
        return isKnown(log.name) ? .anew : .first
    }

    /// True if an entry bears this name, as that of a room or, in a file of an earlier version, as its key.
    private func isKnown(_ room: RoomName) -> Bool {
        found[room.text] != nil
            || found.values.contains { entry in
                if case .place(let place) = entry { place.room == room.text } else { false }
            }
    }

    /// Notes that a room does not exist yet: whoever finds it next time has printed nothing of it.
    ///
    /// - Throws: `configuration` when the file cannot be written.
    mutating func awaits(_ room: RoomName) throws(ChatError) {
        guard file != nil, !isKnown(room) else { return }
        entries[room.text] = .seq(0)
        try save()
    }

    /// Notes that everything through `seq` was printed; the file is replaced in one step.
    ///
    /// - Throws: `configuration` when the file cannot be written.
    mutating func advance(_ room: RoomName, epoch: String, to seq: Int64) throws(ChatError) {
        guard file != nil else { return }
        note(room, epoch, seq)
        try save()
    }

    /// Notes where the run begins in its rooms, before it prints anything.
    ///
    /// - Throws: `configuration` when the file cannot be written.
    mutating func begin(_ places: [(log: RoomLog, seq: Int64)]) throws(ChatError) {
        guard file != nil else { return }
        for place in places { note(place.log.name, place.log.epoch, place.seq) }
        try save()
    }

    private mutating func note(_ room: RoomName, _ epoch: String, _ seq: Int64) {
        entries[epoch] = .place(Place(room: room.text, seq: seq))
        if case .seq = entries[room.text] { entries[room.text] = nil }
    }

    private func save() throws(ChatError) {
        guard let file else { return }
        try TextFile.write(String(decoding: ShapeCoder.encode(entries), as: UTF8.self), to: file)
    }
}
