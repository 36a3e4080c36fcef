/// The one error type of chatctl: a stable code and a text that says what failed, why, and what to do.
///
/// The text never holds a secret and may hold text of users; a face that prints to a terminal makes it harmless.
package struct ChatError: Error, Equatable, Sendable {
    package let code: ErrorCode
    /// `what: why`, without a full stop.
    package let message: String
    /// What the user can do about it, in words that fit every face: names no command, option or header.
    package let hint: String?
    /// What helps, where each face has its own words for it; said in place of a hint.
    package let remedy: Remedy?
    /// How long to wait before the same request can succeed; set with `rateLimited`.
    package let retryAfter: Duration?
    /// Messages by input field, as forms and the seed's frames show them.
    package let fields: [String: [String]]
    /// The part of the installation that failed; such an error tells where it stands and what it said.
    package private(set) var part: Part?

    /// A part of an installation.
    package enum Part: String, Sendable {
        case database
        case redis
    }

    package init(
        _ code: ErrorCode, _ message: String, hint: String? = nil, remedy: Remedy? = nil, retryAfter: Duration? = nil,
        fields: [String: [String]] = [:]
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.remedy = remedy
        self.retryAfter = retryAfter
        self.fields = fields
    }
}

extension ChatError {
    /// The error with the words of a face for its remedy.
    package func saying(_ words: (Remedy) -> String?) -> ChatError {
        guard let remedy, let said = words(remedy) else { return self }
        var error = ChatError(code, message, hint: said, retryAfter: retryAfter, fields: fields)
        error.part = part
        return error
    }

    /// The error as one of a part, when the part could not do what it should have done.
    package func of(_ part: Part) -> ChatError {
        var error = self
        if [.unavailable, .configuration, .fault].contains(code) { error.part = part }
        return error
    }

    /// The error as those may see it who only use a server: not where its parts stand.
    package var outward: ChatError {
        guard let part else { return self }
        return ChatError(code, "\(part.rawValue): it cannot be used now", hint: "try again")
    }

    package static func noRoom(_ name: RoomName) -> ChatError {
        ChatError(.roomNotFound, "room \(name): no such room", remedy: .listRooms)
    }

    package static func noUser(_ name: Username) -> ChatError {
        ChatError(.userNotFound, "user \(name): no such user", remedy: .listUsers)
    }

    package static func noMessage(_ room: RoomName, _ seq: Int64) -> ChatError {
        ChatError(.messageNotFound, "message \(room) \(seq): no such message")
    }

    /// Fits `throws(ChatError)` boundaries to callers that can only see `any Error`.
    package static func wrapping(_ error: any Error) -> ChatError {
        if let known = error as? ChatError { return known }
        if error is CancellationError { return ChatError(.interrupted, "stopped: the task was cancelled") }
        return ChatError(.fault, "unexpected fault: \(error)", hint: "please report what you did and this text")
    }
}
