import ChatCore

/// What a tail prints of one room before it follows: messages of one log, up to the end it had when it was found.
struct TailHistory {
    let log: RoomLog
    let messages: [Message]
    /// Everything through this `seq` was printed before, or is not to be printed.
    let start: Int64

    /// - Parameter start: where the run begins; nil where the first message says it.
    init(log: RoomLog, messages: [Message], start: Int64? = nil) {
        self.log = log
        self.messages = messages
        self.start = start ?? (messages.first?.seq ?? log.lastSeq + 1) - 1
    }

    /// The messages of several rooms by time, each with its room's epoch. Those of one room stay in the order of `seq`,
    /// whatever the clocks did: a message counts as no older than the one before it.
    static func merged(_ histories: [TailHistory]) -> [(message: Message, epoch: String)] {
        var dated: [(time: Timestamp, room: Int, message: Message)] = []
        for (room, history) in histories.enumerated() {
            var time = Timestamp(milliseconds: .min)
            for message in history.messages {
                time = max(time, message.createdAt)
                dated.append((time, room, message))
            }
        }
        return dated.sorted { ($0.time, $0.room, $0.message.seq) < ($1.time, $1.room, $1.message.seq) }
            .map { ($0.message, histories[$0.room].log.epoch) }
    }
}
