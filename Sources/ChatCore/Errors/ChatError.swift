/// The one error type of chatctl: a stable code and a text that says what failed and why.
///
/// The text never contains a secret but may contain user input; a frontend that prints to a terminal must escape it.
package struct ChatError: Error, Equatable, Sendable {
    package let code: ErrorCode
    /// `what: why`, without a full stop.
    package let message: String
    /// What the user can do, in words that fit every frontend: names no command, option or header.
    package let hint: String?
    /// A remedy that each frontend words itself; replaces `hint`.
    package let remedy: Remedy?
    /// How long to wait before the same request can succeed; set with `rateLimited`.
    package let retryAfter: Duration?
    /// Messages by input field, as forms and one-room frames show them.
    package let fields: [String: [String]]
    /// The part of the installation that failed. Such an error may reveal addresses and driver messages: see
    /// ``outward``.
    package private(set) var part: Part?

    /// A part of an installation.
    package enum Part: String, Sendable {
        case database
        case redis
        /// The server's own periodic tasks.
        case heartbeats
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
    /// Returns the error with its remedy worded as a hint by a frontend.
    package func saying(_ words: (Remedy) -> String?) -> ChatError {
        guard let remedy, let said = words(remedy) else { return self }
        var error = ChatError(code, message, hint: said, retryAfter: retryAfter, fields: fields)
        error.part = part
        return error
    }

    /// Marks the error as a failure of `part` if its code means that the part could not do its work.
    package func of(_ part: Part) -> ChatError {
        var error = self
        if [.unavailable, .configuration, .fault].contains(code) { error.part = part }
        return error
    }

    /// The error as users of a server may see it: without addresses or driver messages of its parts.
    package var outward: ChatError {
        guard let part else { return self }
        // Whatever is wrong with a part: it is no fault of the request, and nothing that its sender could change.
        return ChatError(.unavailable, "\(part.rawValue): it cannot be used now", hint: "try again")
    }

    package static func noRoom(_ name: RoomName) -> ChatError {
        ChatError(.roomNotFound, "room \(name): no such room", remedy: .listRooms(for: name))
    }

    package static func noUser(_ name: Username) -> ChatError {
        ChatError(.userNotFound, "user \(name): no such user", remedy: .listUsers(for: name))
    }

    package static func noMessage(_ room: RoomName, _ seq: Int64) -> ChatError {
        ChatError(.messageNotFound, "message \(room) \(seq): no such message")
    }

    /// Converts any error to a `ChatError`, for callers of untyped throwing code.
    package static func wrapping(_ error: any Error) -> ChatError {
        if let known = error as? ChatError { return known }
        if error is CancellationError { return ChatError(.interrupted, "stopped: the task was cancelled") }
        return ChatError(.fault, "unexpected fault: \(error)", hint: "please report what you did and this text")
    }
}
