import ChatCore
import ChatWire
import Glibc
import Synchronization

/// How far a tail has printed each room, kept in a file.
struct TailCursor {
    /// Held from the printing of a message until the cursor is behind it.
    static let step = Mutex(())

    private let file: String?
    private var seqs: [String: Int64]

    /// - Throws: `configuration` for a file that is no cursor.
    init(file: String?) throws(ChatError) {
        self.file = file
        seqs = [:]
        guard let file, let text = try TextFile.read(file) else { return }
        guard let seqs = try? ShapeCoder.decode([String: Int64].self, from: Array(text.utf8)) else {
            throw ChatError(.configuration, "\(file): not a cursor file", hint: "remove it to start afresh")
        }
        self.seqs = seqs
    }

    subscript(room: RoomName) -> Int64? { seqs[room.text] }

    /// Notes that everything through `seq` was printed; the file is replaced in one step.
    mutating func advance(_ room: RoomName, to seq: Int64) throws(ChatError) {
        guard let file else { return }
        seqs[room.text] = seq
        try TextFile.write(String(decoding: ShapeCoder.encode(seqs), as: UTF8.self), to: file)
    }

    /// From now on a signal ends the program between two messages only, so that none is printed again next time.
    static func endBetweenMessages() {
        let signals = Signals.stream(of: [SIGINT, SIGTERM])
        Task.detached {
            for await _ in signals { step.withLock { _ in _exit(ErrorCode.interrupted.exitStatus) } }
        }
    }
}
