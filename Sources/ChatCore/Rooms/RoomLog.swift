// A name says which room is meant now; a position belongs to a log. Between two requests a room may be renamed, deleted
// and made again, or swap its name with another. So whoever keeps a position keeps the log's epoch with it, and reads by
// that: what it gets are messages of this log, or the news that the log is gone.

/// A room's log as it was found. The epoch says which log it is, whatever its room is called later.
package struct RoomLog: Sendable, Hashable {
    /// The room's name when the log was found.
    package let name: RoomName
    package let epoch: String
    package let lastSeq: Int64

    package init(name: RoomName, epoch: String, lastSeq: Int64) {
        self.name = name
        self.epoch = epoch
        self.lastSeq = lastSeq
    }
}

/// Use cases on logs, in this process or on a server.
package protocol LogService: Sendable {
    /// - Throws: `roomNotFound`, `banned`, `notAMember`.
    func log(of room: RoomName) async throws(ChatError) -> RoomLog
    /// The log with an epoch, under its room's present name; nil when it is gone or the caller may not read it.
    func log(epoch: String) async throws(ChatError) -> RoomLog?
    /// Returns at most `limit` messages of the log in ascending order of `seq`, whatever its room is called now.
    ///
    /// - Throws: `roomNotFound` when the log is gone, `banned`, `notAMember`.
    func messages(of log: RoomLog, _ range: MessageRange, limit: Int) async throws(ChatError) -> [Message]
}
