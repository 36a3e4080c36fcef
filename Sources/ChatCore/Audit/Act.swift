/// An administrative act. The transaction that performs it checks its caller once more, writes it to the audit log, and
/// tells the other processes of its events: an act that was stored takes effect even if this process dies right after.
package struct Act: Sendable {
    package let caller: Caller
    /// A noun and a verb, such as `room.kick`.
    package let action: String
    package let target: String
    package let detail: String
    /// What live connections, here and elsewhere, must see at once.
    package let events: [Event]
    /// What the caller must be allowed to do when the transaction runs; nil if the account alone decides.
    package let rule: RoomRule?

    package init(
        _ action: String, by caller: Caller, on target: String, detail: String = "", events: [Event] = [],
        under rule: RoomRule? = nil
    ) {
        self.caller = caller
        self.action = action
        self.target = target
        self.detail = detail
        self.events = events
        self.rule = rule
    }

    /// The name in the audit log.
    package var actor: String { caller.auditName }
}

/// A rule about what a user may do in a room, which is judged twice: when the request comes, and in the transaction.
package struct RoomRule: Sendable {
    package let room: RoomID
    /// The user whose role matters as well; nil if there is none.
    package let other: UserID?
    /// Throws what the caller is told who has these rights and asks to act on a user with this role.
    package let require: @Sendable (RoomAccess, MemberRole?) throws(ChatError) -> Void

    package init(
        in room: RoomID, on other: UserID? = nil,
        _ require: @escaping @Sendable (RoomAccess, MemberRole?) throws(ChatError) -> Void
    ) {
        self.room = room
        self.other = other
        self.require = require
    }
}

/// An act as stored in the audit log.
package struct AuditEntry: Sendable, Equatable {
    package let id: Int64
    package let at: Timestamp
    package let actor: String
    package let action: String
    package let target: String
    package let detail: String

    package init(id: Int64, at: Timestamp, actor: String, action: String, target: String, detail: String) {
        self.id = id
        self.at = at
        self.actor = actor
        self.action = action
        self.target = target
        self.detail = detail
    }
}
