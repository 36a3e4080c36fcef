/// The one error type of chatctl: a stable code and a text that says what failed, why, and what to do.
///
/// The text never holds a secret and may hold text of users; a face that prints to a terminal makes it harmless.
package struct ChatError: Error, Equatable, Sendable {
    package let code: ErrorCode
    /// `what: why`, without a full stop.
    package let message: String
    /// What the user can do about it, when something helps.
    package let hint: String?
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
        _ code: ErrorCode, _ message: String, hint: String? = nil, retryAfter: Duration? = nil,
        fields: [String: [String]] = [:]
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retryAfter = retryAfter
        self.fields = fields
    }
}

extension ChatError {
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
        ChatError(.roomNotFound, "room \(name): no such room", hint: "list the rooms with 'chatctl room list'")
    }

    package static func noUser(_ name: Username) -> ChatError {
        ChatError(.userNotFound, "user \(name): no such user", hint: "list the users with 'chatctl user list'")
    }

    package static func noMessage(_ room: RoomName, _ seq: Int64) -> ChatError {
        ChatError(.messageNotFound, "message \(room) \(seq): no such message")
    }

    /// Fits `throws(ChatError)` boundaries to callers that can only see `any Error`.
    package static func wrapping(_ error: any Error) -> ChatError {
        if let known = error as? ChatError { return known }
        if error is CancellationError { return ChatError(.interrupted, "stopped: the task was cancelled") }
        return ChatError(.fault, "unexpected fault: \(error)", hint: "please report this with the command you ran")
    }
}
