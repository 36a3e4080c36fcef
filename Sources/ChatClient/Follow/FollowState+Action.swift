import ChatCore

extension FollowState {
    /// What a feed has to do next.
    enum Action: Sendable, Equatable {
        case item(FeedItem)
        /// Send this text to the server.
        case send([UInt8])
        /// Read the next page of the log, for ``FollowState/fetched(_:for:)`` or ``FollowState/failed(_:for:)``.
        case fetch(Gap)
        /// Ask whose log the name stands for, for ``FollowState/identified(_:as:then:)`` or
        /// ``FollowState/failedToIdentify(_:)``.
        case identify(RoomName, then: Message?)
        /// Ask what the log's room is called, for ``FollowState/located(_:as:)`` or ``FollowState/failedToIdentify(_:)``.
        case locate(epoch: String)
        /// Wait for the attempt's back-off, but no less than `atLeast`, then call ``FollowState/rejoin(_:)``.
        case rejoin(Join, attempt: Int, atLeast: Duration)
        /// Drop the connection, wait for the attempt's back-off, connect.
        case reconnect(attempt: Int)
        /// Following is no longer possible.
        case fail(ChatError)
    }

    /// One join of a room.
    struct Join: Sendable, Hashable {
        let room: RoomName
        let number: Int64
    }

    /// Messages to be read from the log: those behind `after`, up to and including `through`.
    struct Gap: Sendable, Hashable {
        let join: Join
        let after: Int64
        let through: Int64
    }
}

extension FollowState.Action {
    /// The action delivers an item of `room`.
    func isItem(of room: RoomName) -> Bool {
        guard case .item(let item) = self else { return false }
        return switch item {
        case .message(let message, _), .messageEdited(let message): message.room.name == room
        case .messageDeleted(let name, _), .onlineCount(let name, _), .presence(let name, _, _), .typing(let name, _),
            .removed(let name, _):
            name == room
        case .room, .notice: false
        }
    }
}
