import ChatCore
import ChatWire

/// How far a tail has printed each room, kept in a file.
struct TailCursor {
    private let file: String?
    private var seqs: [String: Int64]

    /// - Throws: `configuration` for a file that is no cursor or cannot be written: better now than after a message was
    ///   printed, which would be printed again next time.
    init(file: String?) throws(ChatError) {
        self.file = file
        seqs = [:]
        guard let file else { return }
        if let text = try TextFile.read(file) {
            guard let seqs = try? ShapeCoder.decode([String: Int64].self, from: Array(text.utf8)) else {
                throw ChatError(.configuration, "\(file): not a cursor file", hint: "remove it to start afresh")
            }
            self.seqs = seqs
        }
        try save()
    }

    subscript(room: RoomName) -> Int64? { seqs[room.text] }

    /// Notes that everything through `seq` was printed; the file is replaced in one step.
    ///
    /// - Throws: `configuration` when the file cannot be written.
    mutating func advance(_ room: RoomName, to seq: Int64) throws(ChatError) {
        guard file != nil else { return }
        seqs[room.text] = seq
        try save()
    }

    private func save() throws(ChatError) {
        guard let file else { return }
        try TextFile.write(String(decoding: ShapeCoder.encode(seqs), as: UTF8.self), to: file)
    }
}
