/// Which part of a room's log a read wants.
package enum MessageRange: Sendable, Equatable {
    /// The newest messages.
    case latest
    /// Messages with a smaller `seq`, the nearest first to be kept.
    case before(Int64)
    /// Messages with a greater `seq`, the oldest first to be kept.
    case after(Int64)
    /// Messages written at or after a moment, the oldest first to be kept.
    case since(Timestamp)
}

/// What became of one draft.
package struct Appended: Sendable {
    package let message: Message
    /// The `client_id` was known: the message is the earlier one and must not be broadcast again.
    package let isRepeat: Bool

    package init(message: Message, isRepeat: Bool) {
        self.message = message
        self.isRepeat = isRepeat
    }
}

/// The log of messages: per room `seq` counts 1, 2, 3 … in commit order.
package protocol MessageStore: Sendable {
    /// Stores drafts in one durable transaction and answers one result a draft, in their order.
    ///
    /// A draft whose author may not post fails alone and takes no `seq`. When the transaction fails as a whole
    /// nothing of it is stored. - Throws: what failed the whole.
    func append(_ drafts: [Draft], at: Timestamp) async throws(ChatError) -> Commit<[Result<Appended, ChatError>]>
    /// At most `limit` messages, by ascending `seq`.
    func messages(in room: RoomReference, _ range: MessageRange, limit: Int) async throws(ChatError) -> [Message]
    func message(in room: RoomReference, seq: Int64) async throws(ChatError) -> Message?
    func lastSeq(of room: RoomID) async throws(ChatError) -> Int64?
    /// The last `seq` of each of these rooms that exists.
    func lastSeqs(of rooms: [RoomID]) async throws(ChatError) -> [RoomID: Int64]
    /// Empties a message but keeps its place. Whether it was there and not yet deleted.
    func deleteMessage(in room: RoomID, seq: Int64, at: Timestamp, act: Act) async throws(ChatError) -> Bool
    /// The newest messages that contain `text`, ignoring case, by ascending time.
    /// `visibleTo` nil searches everywhere, otherwise only where that user may read.
    func search(
        _ text: String, in room: RoomID?, visibleTo user: User?, limit: Int
    ) async throws(ChatError) -> [Message]
    /// Remembers how far members have read, in one transaction; never goes back. Marks of strangers are passed over.
    func markRead(_ marks: [ReadMark]) async throws(ChatError)
}
