import ChatCore

// The JSON shapes of docs/protocol.md, "Shapes", shared by the command line, HTTP and WebSocket, and defined only here.

extension JSONWriter {
    package mutating func message(_ message: Message) {
        object { json in
            json.field("id", message.id)
            json.field("room", message.room.name.text)
            json.field("seq", message.seq)
            json.field("body", message.isDeleted ? "" : message.body.text)
            json.key("author")
            json.author(message.author)
            json.field("created_at", message.createdAt)
            json.field("edited_at", message.editedAt)
            if message.isDeleted { json.field("deleted", true) }
        }
    }

    private mutating func author(_ author: Author) {
        object { json in
            json.field("id", author.id.value)
            json.field("username", author.username.text)
            json.field("display_name", author.displayName)
            json.field("avatar", "/avatars/", author.username.text)
        }
    }

    /// - Parameter created: whether a command made the room or found it; nil where nobody asked.
    package mutating func room(_ room: Room, created: Bool? = nil) {
        object { json in
            json.field("name", room.name.text)
            json.field("kind", room.kind.rawValue)
            json.field("topic", room.topic)
            json.field("archived", room.isArchived)
            json.field("last_seq", room.lastSeq)
            json.field("last_message_at", room.lastMessageAt)
            json.field("member_count", room.memberCount)
            json.field("online_count", room.onlineCount)
            json.field("created_at", room.createdAt)
            if let created { json.field("created", created) }
        }
    }

    package mutating func member(_ member: Member) {
        object { json in
            json.field("username", member.username.text)
            json.field("role", member.role.rawValue)
            json.field("joined_at", member.joinedAt)
        }
    }

    package mutating func restriction(_ imposed: ImposedRestriction, in room: RoomName) {
        object { json in
            json.field("room", room.text)
            json.field("username", imposed.username.text)
            json.field("kind", imposed.kind.rawValue)
            json.field("until", imposed.until)
            json.field("reason", imposed.reason)
            json.field("made_by", imposed.by)
            json.field("made_at", imposed.at)
        }
    }

    package mutating func auditEntry(_ entry: AuditEntry) {
        object { json in
            json.field("id", entry.id)
            json.field("at", entry.at)
            json.field("actor", entry.actor)
            json.field("action", entry.action)
            json.field("target", entry.target)
            json.field("detail", entry.detail)
        }
    }

    package mutating func sweep(_ sweep: MessageSweep) {
        object { json in
            json.field("deleted", sweep.deleted)
            json.key("next")
            if let next = sweep.next { json.value(next) } else { json.raw("null") }
        }
    }

    package mutating func presence(_ presence: RoomPresence) {
        object { json in
            json.field("room", presence.room.text)
            json.field("online_count", presence.users.count)
            json.key("users")
            json.array(presence.users) { json, user in
                json.object { json in
                    json.field("username", user.username.text)
                    json.field("connections", user.connections)
                    json.field("since", user.since)
                }
            }
        }
    }

    package mutating func user(_ user: User) {
        object { json in
            json.field("id", user.id.value)
            json.field("username", user.username.text)
            json.field("display_name", user.displayName)
            json.field("role", user.role.rawValue)
            json.field("disabled", user.isDisabled)
            json.field("created_at", user.createdAt)
        }
    }

    package mutating func token(_ token: Token) {
        object { $0.fields(of: token) }
    }

    /// A token with its secret, shown once.
    package mutating func issuedToken(_ issued: IssuedToken) {
        object { json in
            json.field("token", issued.secret)
            json.fields(of: issued.token)
        }
    }

    package mutating func invitation(_ invitation: Invitation) {
        object { $0.fields(of: invitation) }
    }

    /// An invitation with its code, shown once.
    ///
    /// - Parameter address: under which people use it; nil if the server's address is not known.
    package mutating func issuedInvitation(_ issued: IssuedInvitation, address: String? = nil) {
        object { json in
            json.field("code", issued.code)
            json.field("path", issued.path)
            json.key("url")
            if let address { json.value(address + issued.path) } else { json.raw("null") }
            json.fields(of: issued.invitation)
        }
    }

    private mutating func fields(of invitation: Invitation) {
        field("id", invitation.id)
        field("uses", Int64(invitation.uses))
        field("used", Int64(invitation.used))
        field("by", invitation.by)
        field("created_at", invitation.createdAt)
        field("expires_at", invitation.expiresAt)
    }

    package mutating func error(_ error: ChatError) {
        object { json in
            json.key("error")
            json.object { json in
                json.field("code", error.code.rawValue)
                json.field("message", error.message)
                if let hint = error.hint { json.field("hint", hint) }
                if !error.fields.isEmpty { json.fieldErrors(error.fields) }
                if let wait = error.retryAfter { json.field("retry_after_ms", wait.milliseconds) }
            }
        }
    }

    /// The `errors` object of forms and frames: a list of sentences by field.
    mutating func fieldErrors(_ fields: [String: [String]]) {
        key("errors")
        object { json in
            for (name, sentences) in fields.sorted(by: { $0.key < $1.key }) {
                json.key(name)
                json.array(sentences) { $0.value($1) }
            }
        }
    }

    private mutating func fields(of token: Token) {
        field("id", token.id)
        field("label", token.label)
        field("kind", token.kind.rawValue)
        field("created_at", token.createdAt)
        field("expires_at", token.expiresAt)
        field("last_used_at", token.lastUsedAt)
    }
}

/// Whole JSON documents.
package enum JSON {
    package static func document(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        write(&writer)
        return writer.bytes
    }
}
