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

extension ChatError {
    /// Refuses a destructive command that lacks `--yes`.
    static func unconfirmed(_ what: String) -> ChatError {
        ChatError(.usage, "\(what): not confirmed", hint: "repeat the command with --yes")
    }
}
