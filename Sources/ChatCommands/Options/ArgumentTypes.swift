import ArgumentParser
import ChatCore

/// A duration as an option's value.
struct DurationArgument: ExpressibleByArgument, Sendable {
    let value: Duration

    init(_ value: Duration) {
        self.value = value
    }

    init?(argument: String) {
        guard let value = Duration(chatText: argument) else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { value.shortText }
}

/// A moment as an option's value: a time, or how long ago it was.
enum MomentArgument: ExpressibleByArgument, Sendable, Equatable {
    case time(Timestamp)
    case ago(Duration)

    init?(argument: String) {
        if let duration = Duration(chatText: argument) {
            self = .ago(duration)
        } else if let moment = Timestamp(rfc3339: argument) {
            self = .time(moment)
        } else {
            return nil
        }
    }

    func moment(at now: Timestamp) -> Timestamp {
        switch self {
        case .time(let moment): moment
        case .ago(let duration): now - duration
        }
    }
}

extension Duration {
    /// The largest unit that gives a whole number, such as `10s`, as ``init(chatText:)`` reads it.
    fileprivate var shortText: String {
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")]
        for (length, name) in units where milliseconds > 0 && milliseconds.isMultiple(of: length) {
            return "\(milliseconds / length)\(name)"
        }
        return "\(milliseconds)ms"
    }
}

extension MemberRole: ExpressibleByArgument {}
extension RoomKind: ExpressibleByArgument {}
extension SignUpPolicy: ExpressibleByArgument {}

extension ChatError {
    /// Refuses a destructive command that lacks `--yes`.
    static func unconfirmed(_ what: String) -> ChatError {
        ChatError(.usage, "\(what): not confirmed", hint: "repeat the command with --yes")
    }
}
