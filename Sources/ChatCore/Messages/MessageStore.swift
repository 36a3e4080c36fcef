/// The part of a room's log to read.
package enum MessageRange: Sendable, Equatable {
    /// The newest messages.
    case latest
    /// Messages with a smaller `seq`; the limit keeps the newest.
    case before(Int64)
    /// Messages with a greater `seq`; the limit keeps the oldest.
    case after(Int64)
    /// Messages written at or after a moment; the limit keeps the oldest.
    case since(Timestamp)
}

/// The outcome of storing one draft.
package struct Appended: Sendable {
    package let message: Message
    /// True if the `client_id` was used before: the message is the earlier one and must not be broadcast again.
    package let isRepeat: Bool

    package init(message: Message, isRepeat: Bool) {
        self.message = message
        self.isRepeat = isRepeat
    }
}

/// The message log: in each room, `seq` counts 1, 2, 3 … in commit order.
package protocol MessageStore: Sendable {
    /// Stores drafts in one durable transaction and returns one result per draft, in order.
    ///
    /// A draft whose author may not post fails alone and takes no `seq`. If the transaction fails as a whole, nothing
    /// is stored.
    /// - Throws: the failure of the whole transaction.
    func append(_ drafts: [Draft], at: Timestamp) async throws(ChatError) -> Commit<[Result<Appended, ChatError>]>
    /// Returns at most `limit` messages in ascending order of `seq`.
    func messages(in room: RoomReference, _ range: MessageRange, limit: Int) async throws(ChatError) -> [Message]
    func message(in room: RoomReference, seq: Int64) async throws(ChatError) -> Message?
    func lastSeq(of room: RoomID) async throws(ChatError) -> Int64?
    /// Returns the last `seq` of each of these rooms that exists.
    func lastSeqs(of rooms: [RoomID]) async throws(ChatError) -> [RoomID: Int64]
    /// Empties a message but keeps its place in the log. Returns false if it was missing or already deleted.
    func deleteMessage(in room: RoomID, seq: Int64, at: Timestamp, act: Act) async throws(ChatError) -> Bool
    /// Changes the text of a message and makes it findable. Returns it as it is now; nil if it was missing or deleted. No-op
    /// if it has this text already.
    func editMessage(
        in room: RoomReference, seq: Int64, to body: MessageBody, at: Timestamp, act: Act
    ) async throws(ChatError) -> Message?
    /// Returns the newest messages that contain `text`, in ascending order of time. Text is compared after Unicode case
    /// folding, in canonical composition (NFC). Searches only where `user` may read; nil searches everywhere, and a nil
    /// `author` the messages of everybody. `before`
    /// leaves out messages with that id and greater ones.
    func search(
        _ text: String, in room: RoomID?, by author: UserID?, before: Int64?, visibleTo user: User?, limit: Int,
        at: Timestamp
    ) async throws(ChatError) -> [Message]
    /// Stores read marks in one transaction. A mark never moves back; marks of users who are not members are ignored.
    func markRead(_ marks: [ReadMark]) async throws(ChatError)
}

/// The index that makes searches fast. It is written behind the log, and searches are complete without it.
package protocol SearchIndexStore: Sendable {
    /// Adds some messages that the index does not cover yet. Returns true if there may be more to add at once.
    func indexMessages() async throws(ChatError) -> Bool
}
