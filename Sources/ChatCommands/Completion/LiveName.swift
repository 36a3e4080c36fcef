import ArgumentParser

/// Names that exist in an installation or in the settings, and so are looked up when one completes an argument.
enum LiveName: String, Sendable {
    case rooms
    case users
    case roomsAndUsers = "rooms-and-users"
    case tokens
    case profiles
}

extension CompletionKind {
    /// Completes an argument with live names. The parser carries the word to ``CommandShape``; no shell sees it.
    static func live(_ name: LiveName) -> CompletionKind { .shellCommand(name.rawValue) }
}
