/// Use cases on messages, in this process or on a server.
package protocol MessageService: Sendable {
    /// Stores and broadcasts one message; it is durable when this returns.
    func send(_ body: MessageBody, to room: RoomName, clientID: ClientID?) async throws(ChatError) -> Message
    /// Returns at most `limit` messages in ascending order of `seq`.
    func messages(in room: RoomName, _ range: MessageRange, limit: Int) async throws(ChatError) -> [Message]
    func message(in room: RoomName, seq: Int64) async throws(ChatError) -> Message
    /// Changes the text of one of the caller's own messages; its place in the log stays. Returns the message.
    func editMessage(in room: RoomName, seq: Int64, to body: MessageBody) async throws(ChatError) -> Message
    func deleteMessage(in room: RoomName, seq: Int64) async throws(ChatError)
    /// Deletes the next of the messages that a selection names, a bounded number at a time.
    ///
    /// - Parameter position: where the last part ended; 0 at first.
    func deleteMessages(
        _ selection: MessageSelection, after position: Int64
    ) async throws(ChatError) -> MessageSweep
    /// Returns the newest messages that contain `text`, at most ``Limits/searchHits``, in ascending order.
    ///
    /// - Parameters:
    ///   - author: only messages of this user.
    ///   - before: only messages with a smaller id.
    func search(
        _ text: String, in room: RoomName?, by author: Username?, before: Int64?, limit: Int
    ) async throws(ChatError) -> [Message]
}

/// Use cases on presence, in this process or on a server.
package protocol PresenceService: Sendable {
    func presence(in room: RoomName) async throws(ChatError) -> RoomPresence
}

/// All use cases, in this process or on a server.
package typealias ChatService =
    UserService & TokenService & RoomService & MemberService & MessageService & LogService & PresenceService
    & AuditService & InvitationService
