/// What can be done with messages, in this process or on a server.
package protocol MessageService: Sendable {
    /// Stores and broadcasts one message; when it returns the message is durable.
    func send(_ body: MessageBody, to room: RoomName, clientID: ClientID?) async throws(ChatError) -> Message
    /// At most `limit` messages by ascending `seq`.
    func messages(in room: RoomName, _ range: MessageRange, limit: Int) async throws(ChatError) -> [Message]
    func message(in room: RoomName, seq: Int64) async throws(ChatError) -> Message
    func deleteMessage(in room: RoomName, seq: Int64) async throws(ChatError)
    func search(_ text: String, in room: RoomName?, limit: Int) async throws(ChatError) -> [Message]
}

/// What can be seen of who is online, in this process or on a server.
package protocol PresenceService: Sendable {
    func presence(in room: RoomName) async throws(ChatError) -> RoomPresence
}

/// Every use case together, in this process or on a server.
package typealias ChatService =
    UserService & TokenService & RoomService & MemberService & MessageService & PresenceService
