import ChatCore

/// Translates PostgreSQL's SQLSTATE codes (PostgreSQL manual, appendix A).
enum PostgreSQLErrors {
    static func translate(_ state: String, _ text: String, database: String) -> ChatError {
        let what = "database \(database): "
        switch state {
        case "23505": return ChatError(.alreadyExists, what + "the same entry exists already")
        case "23503": return ChatError(.notFound, what + "a room or an account no longer exists")
        case "55P03":
            return ChatError(
                .unavailable, what + "another transaction holds a lock that this one needs", hint: "try again")
        case "57014": return ChatError(.unavailable, what + "it took too long", hint: "try again")
        case "25006":
            return ChatError(
                .unavailable, what + "it is read-only", hint: "name the primary server, not a standby")
        case "3D000", "42501":
            return ChatError(.configuration, what + text, hint: "check the name and the rights in the URL")
        case "42P01": return ChatError(.configuration, what + text, remedy: .migrate)
        default: break
        }
        switch state.prefix(2) {
        case "08", "53", "55", "57", "58", "40": return ChatError(.unavailable, what + text, hint: "try again")
        case "28": return ChatError(.configuration, what + text, hint: "check user and password in the URL")
        default: return ChatError(.fault, what + "SQLSTATE \(state), \(text)")
        }
    }

    /// True for a serialization failure or a deadlock, after which the same transaction may succeed on a retry.
    static func isConflict(_ state: String) -> Bool { state.hasPrefix("40") }

    /// True when the connection's prepared statements are gone or no longer fit the schema.
    static func isStale(_ state: String) -> Bool { state == "26000" || state == "0A000" }
}
