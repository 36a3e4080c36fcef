import ChatCore

/// Where a tail starts in a room.
enum TailStart: Sendable, Equatable {
    case latest(Int)
    case seq(Int64)
    case time(Timestamp)
    case ago(Duration)
}

/// A regular expression of the command line. A `Regex` is not `Sendable`, so the text is kept, and checked once.
struct Pattern: Sendable {
    let option: String
    private let text: String

    /// - Throws: `usage` for text that is no regular expression.
    init(_ text: String, option: String) throws(ChatError) {
        guard (try? Regex(text)) != nil else {
            throw ChatError(.usage, "\(option): '\(text)' is not a regular expression")
        }
        self.option = option
        self.text = text
    }

    func compiled() -> Regex<AnyRegexOutput>? { try? Regex(text) }
}

/// What a tail is to do, checked.
struct TailPlan: Sendable {
    let rooms: [RoomName]
    let start: TailStart
    let match: Pattern?
    let reject: Pattern?
    let count: Int?
    let cursor: String?
    let follows: Bool
    let waits: Bool
    let isUTC: Bool

    /// - Throws: `invalidInput` for a room's name, `usage` for the rest.
    init(
        rooms: [String], history: Int, since: String?, match: String?, reject: String?, count: Int?, cursor: String?,
        follows: Bool, waits: Bool, isUTC: Bool = false
    ) throws(ChatError) {
        var names: [RoomName] = []
        for text in rooms {
            let name = try RoomName(text)
            if !names.contains(name) { names.append(name) }
        }
        self.rooms = names
        start = try since.map { text throws(ChatError) in try Self.start(text) } ?? .latest(history)
        self.match = try match.map { text throws(ChatError) in try Pattern(text, option: "--match") }
        self.reject = try reject.map { text throws(ChatError) in try Pattern(text, option: "--reject") }
        self.count = count
        self.cursor = cursor
        self.follows = follows
        self.waits = waits
        self.isUTC = isUTC
    }

    private static func start(_ text: String) throws(ChatError) -> TailStart {
        if let seq = Int64(text), seq >= 0 { return .seq(seq) }
        if let duration = Duration(chatText: text) { return .ago(duration) }
        if let moment = Timestamp(rfc3339: text) { return .time(moment) }
        throw ChatError(
            .usage, "--since: '\(text)' is no seq, time or duration",
            hint: "write it like 45, 2026-11-23T17:00:00Z or 10m")
    }
}
