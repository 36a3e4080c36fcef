import ChatCore

extension ChatError {
    /// A search that did not end in time.
    package static var slowSearch: ChatError {
        ChatError(
            .unavailable, "search: it took longer than \(Limits.searchTime.milliseconds) ms",
            hint: "search in one room, or for a rarer text")
    }

    /// For an account that went away between two calls of one use case.
    static var goneUser: ChatError { ChatError(.userNotFound, "user: the account no longer exists") }

    /// For a room that went away between two calls of one use case.
    static var goneRoom: ChatError { ChatError(.roomNotFound, "room: it no longer exists") }

    static func takenRoomName(_ name: RoomName) -> ChatError {
        ChatError(.alreadyExists, "room \(name): already exists")
    }
}
