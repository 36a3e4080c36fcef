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
}

extension MemberRole: ExpressibleByArgument {}
extension RoomKind: ExpressibleByArgument {}

extension ChatError {
    /// A destructive command without `--yes`.
    static func unconfirmed(_ what: String) -> ChatError {
        ChatError(.usage, "\(what): not confirmed", hint: "repeat the command with --yes")
    }
}
