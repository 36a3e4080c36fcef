import ChatCore

// The schemas of answers, beside the functions of JSONWriter+shapes.swift that write them. Clients must pass over members
// that they do not know, so these may grow.

extension Schema {
    package static let author = named(
        "Author",
        .object([
            .init("id", .count), .init("username", .storedName), .init("display_name", .anyText),
            .init("avatar", .anyText),
        ]))

    package static let message = named(
        "Message",
        .object([
            .init("id", .count), .init("room", .storedName), .init("seq", .count), .init("body", .anyText),
            .init("author", .author), .init("created_at", .time), .init("edited_at", .nullable(.time)),
            .init("deleted", .flag, isRequired: false),
        ]))

    package static let room = named(
        "Room",
        .object([
            .init("name", .storedName), .init("kind", .choice(RoomKind.allCases.map(\.rawValue))),
            .init("topic", .anyText), .init("archived", .flag), .init("last_seq", .count),
            .init("last_message_at", .nullable(.time)), .init("member_count", .count),
            .init("online_count", .count), .init("created_at", .time),
        ]))

    package static let member = named(
        "Member",
        .object([
            .init("username", .storedName), .init("role", .choice(MemberRole.allCases.map(\.rawValue))),
            .init("joined_at", .time),
        ]))

    package static let restriction = named(
        "Restriction",
        .object([
            .init("room", .storedName), .init("username", .storedName),
            .init("kind", .choice(RestrictionKind.allCases.map(\.rawValue))), .init("until", .nullable(.time)),
            .init("reason", .anyText),
            .init("made_by", .anyText), .init("made_at", .time),
        ]))

    package static let auditEntry = named(
        "AuditEntry",
        .object([
            .init("id", .count), .init("at", .time), .init("actor", .anyText), .init("action", .anyText),
            .init("target", .anyText), .init("detail", .anyText),
        ]))

    package static let sweep = named(
        "Sweep", .object([.init("deleted", .count), .init("next", .nullable(.count))]))

    package static let presence = named(
        "Presence",
        .object([
            .init("room", .storedName), .init("online_count", .count),
            .init(
                "users",
                .list(
                    .object([
                        .init("username", .storedName), .init("connections", .count), .init("since", .time),
                    ]))),
        ]))

    package static let user = named(
        "User",
        .object([
            .init("id", .count), .init("username", .storedName), .init("display_name", .anyText),
            .init("role", .choice(SiteRole.allCases.map(\.rawValue))), .init("disabled", .flag),
            .init("created_at", .time),
        ]))

    package static let token = named("Token", .object(tokenFields))

    package static let issuedToken = named(
        "IssuedToken", .object([.init("token", .anyText)] + tokenFields))

    package static let invitation = named("Invitation", .object(invitationFields))

    package static let issuedInvitation = named(
        "IssuedInvitation",
        .object(
            [.init("code", .anyText), .init("path", .anyText), .init("url", .nullable(.anyText))] + invitationFields))

    private static let invitationFields: [Field] = [
        .init("id", .count), .init("uses", .count), .init("used", .count), .init("by", .anyText),
        .init("created_at", .time), .init("expires_at", .nullable(.time)),
    ]

    package static let login = named(
        "Login",
        .object([
            .init("token", .anyText), .init("expires_at", .nullable(.time)), .init("csrf_token", .anyText),
            .init("user", .user),
        ]))

    package static let health = named("Health", .object([.init("status", .choice(["live", "ready"]))]))

    package static let error = named(
        "Error",
        .object([
            .init(
                "error",
                .object([
                    .init("code", .choice(ErrorCode.allCases.map(\.rawValue))), .init("message", .anyText),
                    .init("hint", .anyText, isRequired: false),
                    .init("errors", .map(.list(.anyText)), isRequired: false),
                    .init("retry_after_ms", .count, isRequired: false),
                ]))
        ]))

    /// The document describes itself as an object and no further.
    package static let document = Schema.object([.init("openapi", .anyText), .init("paths", .object([]))])

    private static let tokenFields: [Field] = [
        .init("id", .count), .init("label", .anyText), .init("kind", .choice(["access", "session"])),
        .init("created_at", .time), .init("expires_at", .nullable(.time)), .init("last_used_at", .nullable(.time)),
    ]

    /// A name as it is stored: names of direct rooms and deleted users, which nobody may choose, among them.
    private static let storedName = Schema.text(TextRule(length: 1...128))
}
