/// The author of a message, with what messages show of a user.
package struct Author: Equatable, Sendable {
    package let id: UserID
    package let username: Username
    package let displayName: String

    package init(id: UserID, username: Username, displayName: String) {
        self.id = id
        self.username = username
        self.displayName = displayName
    }
}

/// A stored message. `seq` numbers a room's messages; `id` is unique in the installation.
package struct Message: Equatable, Sendable {
    package let id: Int64
    package let room: RoomReference
    package let seq: Int64
    package let body: MessageBody
    package let author: Author
    package let createdAt: Timestamp
    /// When its author last changed it; nil if never.
    package let editedAt: Timestamp?
    package let isDeleted: Bool

    package init(
        id: Int64, room: RoomReference, seq: Int64, body: MessageBody, author: Author, createdAt: Timestamp,
        editedAt: Timestamp? = nil, isDeleted: Bool = false
    ) {
        self.id = id
        self.room = room
        self.seq = seq
        self.body = body
        self.author = author
        self.createdAt = createdAt
        self.editedAt = editedAt
        self.isDeleted = isDeleted
    }
}

/// A message before it is stored.
package struct Draft: Sendable {
    package let room: RoomID
    package let author: Author
    package let body: MessageBody
    package let clientID: ClientID?

    package init(room: RoomID, author: Author, body: MessageBody, clientID: ClientID?) {
        self.room = room
        self.author = author
        self.body = body
        self.clientID = clientID
    }
}

extension User {
    package var author: Author { Author(id: id, username: username, displayName: displayName) }
}

extension Message {
    /// The most bytes that it takes as a frame.
    package var sentBytes: Int {
        let names = room.name.text.utf8.count + 2 * author.username.text.utf8.count
        return body.sentBytes + names + MessageBody.sentBytes(of: author.displayName) + Self.frameBytes
    }

    /// More than the fixed text, the numbers and the times take.
    private static let frameBytes = 280
}
