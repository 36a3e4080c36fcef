import ChatCore

// The request bodies of the HTTP API (docs/protocol.md, "HTTP"), shared by server and client so that they cannot
// diverge. Their fields are also what `openapi.json` says about them.

/// A log-in with a name and a password.
package struct LoginRequest: RequestShape {
    package static let fields: [Schema.Field] = [
        .init("username", .anyText),
        .init("password", .anyText),
    ]

    package var username: String
    package var password: String
    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        username = reader.text("username") ?? ""
        password = reader.text("password") ?? ""
    }
}

/// A message to post.
package struct MessageRequest: RequestShape {
    package static let fields: [Schema.Field] = [
        .init("body", .messageBody),
        .init("client_id", .clientID, isRequired: false),
    ]

    package var body: String?
    package var client_id: String?
    package init(body: String?, client_id: String?) {
        self.body = body
        self.client_id = client_id
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        body = reader.text("body")
        client_id = reader.text("client_id")
    }

    /// A body has its own code, as in a frame.
    package static func refusal(_ field: String, _ why: String) -> ChatError {
        ChatError(field == "body" ? .invalidBody : .invalidInput, "\(field): \(why)", fields: [field: [why]])
    }
}

/// The new text of a message.
package struct EditRequest: RequestShape {
    package static let fields: [Schema.Field] = [.init("body", .messageBody)]

    package var body: String?
    package init(body: String?) {
        self.body = body
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        body = reader.text("body")
    }

    package static func refusal(_ field: String, _ why: String) -> ChatError { MessageRequest.refusal(field, why) }
}

/// A room to create; `kind` defaults to `public`.
package struct RoomRequest: RequestShape {
    package static let fields: [Schema.Field] = [
        .init("name", .roomName),
        .init("kind", .choice(["public", "private"]), isRequired: false),
        .init("topic", .freeText(upTo: Limits.topicCharacters), isRequired: false),
        .init("members", .list(.username, most: Limits.listPage), isRequired: false),
    ]

    package var name: String
    package var kind: String?
    package var topic: String?
    package var members: [String]?
    package init(name: String, kind: String?, topic: String?, members: [String]?) {
        self.name = name
        self.kind = kind
        self.topic = topic
        self.members = members
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        name = reader.text("name") ?? ""
        kind = reader.text("kind")
        topic = reader.text("topic")
        members = reader.texts("members")
    }
}

/// Changes to a room; absent fields stay as they are.
package struct RoomPatch: RequestShape {
    package static let isChange = true
    package static let fields: [Schema.Field] = [
        .init("name", .roomName, isRequired: false),
        .init("topic", .freeText(upTo: Limits.topicCharacters), isRequired: false),
        .init("archived", .flag, isRequired: false),
    ]

    package var name: String?
    package var topic: String?
    package var archived: Bool?
    package init(name: String?, topic: String?, archived: Bool?) {
        self.name = name
        self.topic = topic
        self.archived = archived
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        name = reader.text("name")
        topic = reader.text("topic")
        archived = reader.flag("archived")
    }
}

/// The role to give a member. If absent, a new member gets `member` and an existing one keeps their role.
package struct MemberRequest: RequestShape {
    package static let fields: [Schema.Field] = [
        .init("role", .choice(MemberRole.allCases.map(\.rawValue)), isRequired: false)
    ]

    package var role: String?
    package init(role: String?) { self.role = role }

    package init(_ reader: BodyReader) throws(ChatError) {
        role = reader.text("role")
    }
}

/// The duration of a ban or mute, and why.
package struct RestrictionRequest: RequestShape {
    package static let fields: [Schema.Field] = [
        .init("duration_ms", .life, isRequired: false),
        .init("reason", .freeText(upTo: Limits.reasonCharacters), isRequired: false),
    ]

    /// If absent, the restriction lasts until it is lifted.
    package var duration_ms: Int64?
    package var reason: String?
    package init(duration_ms: Int64?, reason: String?) {
        self.duration_ms = duration_ms
        self.reason = reason
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        duration_ms = reader.number("duration_ms")
        reason = reader.text("reason")
    }
}

/// An account to create.
package struct UserRequest: RequestShape {
    package static let fields: [Schema.Field] = [
        .init("username", .username),
        .init("password", .password, isRequired: false),
        .init("display_name", .freeText(upTo: Limits.displayNameCharacters), isRequired: false),
        .init("role", .choice(SiteRole.allCases.map(\.rawValue)), isRequired: false),
    ]

    package var username: String
    package var password: String?
    package var display_name: String?
    package var role: String?
    package init(username: String, password: String?, display_name: String?, role: String?) {
        self.username = username
        self.password = password
        self.display_name = display_name
        self.role = role
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        username = reader.text("username") ?? ""
        password = reader.text("password")
        display_name = reader.text("display_name")
        role = reader.text("role")
    }
}

/// Changes to an account; absent fields stay as they are.
package struct UserPatch: RequestShape {
    package static let isChange = true
    package static let fields: [Schema.Field] = [
        .init("display_name", .freeText(upTo: Limits.displayNameCharacters), isRequired: false),
        .init("bio", .freeText(upTo: Limits.bioCharacters), isRequired: false),
        .init("password", .password, isRequired: false),
        .init("disabled", .flag, isRequired: false),
        .init("role", .choice(SiteRole.allCases.map(\.rawValue)), isRequired: false),
    ]

    package var display_name: String?
    package var bio: String?
    package var password: String?
    package var disabled: Bool?
    package var role: String?
    package init(display_name: String?, bio: String?, password: String?, disabled: Bool?, role: String? = nil) {
        self.display_name = display_name
        self.bio = bio
        self.password = password
        self.disabled = disabled
        self.role = role
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        display_name = reader.text("display_name")
        bio = reader.text("bio")
        password = reader.text("password")
        disabled = reader.flag("disabled")
        role = reader.text("role")
    }
}

/// A token to create; without `life_ms` it does not expire.
package struct TokenRequest: RequestShape {
    package static let fields: [Schema.Field] = [
        .init("label", .freeText(upTo: Limits.labelCharacters), isRequired: false),
        .init("life_ms", .life, isRequired: false),
    ]

    package var label: String?
    package var life_ms: Int64?
    package init(label: String?, life_ms: Int64?) {
        self.label = label
        self.life_ms = life_ms
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        label = reader.text("label")
        life_ms = reader.number("life_ms")
    }
}

/// An invitation to create, for one account if `uses` is absent; without `life_ms` it does not end.
package struct InvitationRequest: RequestShape {
    package static let fields: [Schema.Field] = [
        .init(
            "uses",
            .number(Int64(Limits.invitationUses.lowerBound)...Int64(Limits.invitationUses.upperBound)),
            isRequired: false),
        .init("life_ms", .life, isRequired: false),
    ]

    package var uses: Int64?
    package var life_ms: Int64?
    package init(uses: Int64?, life_ms: Int64?) {
        self.uses = uses
        self.life_ms = life_ms
    }

    package init(_ reader: BodyReader) throws(ChatError) {
        uses = reader.number("uses")
        life_ms = reader.number("life_ms")
    }
}
