/// The database id of a room; survives renames.
package struct RoomID: Hashable, Sendable, Codable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
}

/// Who may enter a room.
package enum RoomKind: String, Sendable, CaseIterable {
    case `public`
    case `private`
    case direct
}

/// A member's role, in ascending order of rights.
package enum MemberRole: String, Sendable, CaseIterable, Comparable {
    case member
    case moderator
    case owner

    private var rank: Int {
        switch self {
        case .member: 0
        case .moderator: 1
        case .owner: 2
        }
    }

    package static func < (left: MemberRole, right: MemberRole) -> Bool { left.rank < right.rank }
}

/// A room with the counts that API responses include.
package struct Room: Equatable, Sendable {
    package let id: RoomID
    package let name: RoomName
    package let kind: RoomKind
    package let topic: String
    package let isArchived: Bool
    package let lastSeq: Int64
    /// When the last message was posted; nil in a room without messages.
    package let lastMessageAt: Timestamp?
    package let memberCount: Int
    package let onlineCount: Int
    package let createdAt: Timestamp

    package init(
        id: RoomID, name: RoomName, kind: RoomKind, topic: String, isArchived: Bool, lastSeq: Int64,
        lastMessageAt: Timestamp?, memberCount: Int, onlineCount: Int, createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.topic = topic
        self.isArchived = isArchived
        self.lastSeq = lastSeq
        self.lastMessageAt = lastMessageAt
        self.memberCount = memberCount
        self.onlineCount = onlineCount
        self.createdAt = createdAt
    }
}

/// A room's id and name, as events and frames need them.
package struct RoomReference: Hashable, Sendable, Codable {
    package let id: RoomID
    package let name: RoomName

    package init(id: RoomID, name: RoomName) {
        self.id = id
        self.name = name
    }
}

extension Room {
    package var reference: RoomReference { RoomReference(id: id, name: name) }
}

/// The values for creating a room.
package struct NewRoom: Sendable {
    package let name: RoomName
    package let kind: RoomKind
    package let topic: String
    /// Members besides the creator, who becomes the owner.
    package let members: [Username]

    /// - Throws: `invalidInput` when the topic is too long.
    package init(name: RoomName, isPrivate: Bool, topic: String, members: [Username]) throws(ChatError) {
        self.name = name
        self.kind = isPrivate ? .private : .public
        self.topic = try RoomChange.validated(topic: topic)
        self.members = members
    }
}

/// Changes to a room; nil leaves a field unchanged.
package struct RoomChange: Sendable {
    package var name: RoomName?
    package var topic: String?
    package var archived: Bool?

    /// - Throws: `invalidInput` when the topic is too long.
    package init(name: RoomName? = nil, topic: String? = nil, archived: Bool? = nil) throws(ChatError) {
        self.name = name
        self.topic = try topic.map { text throws(ChatError) in try Self.validated(topic: text) }
        self.archived = archived
    }

    static func validated(topic: String) throws(ChatError) -> String {
        try FreeText.validated(topic, field: "topic", longest: Limits.topicCharacters)
    }
}

/// Selects the rooms of a list.
package struct RoomFilter: Sendable {
    package var kind: RoomKind?
    /// Only rooms this user is a member of.
    package var member: Username?
    /// Only rooms without a message since this moment that are at least as old.
    package var idleSince: Timestamp?
    /// The part of the list, which is sorted by name.
    package var page: ListPage<RoomName>

    package init(
        kind: RoomKind? = nil, member: Username? = nil, idleSince: Timestamp? = nil,
        page: ListPage<RoomName> = ListPage()
    ) {
        self.kind = kind
        self.member = member
        self.idleSince = idleSince
        self.page = page
    }
}
