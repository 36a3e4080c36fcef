import ChatCore

/// What a line of the REPL asks for.
enum ReplAction: Sendable, Equatable {
    /// An empty line or a comment.
    case nothing
    /// Post this text to the current room.
    case post(String)
    /// A command line of chatctl, without its name.
    case command([String])
    /// Wait until a line shown since the last match matches; nil for the session's own time limit.
    case expect(String, within: Duration?)
    /// No line shown since the last match, or before this time has passed, may match.
    case expectNot(String, during: Duration)
    case sleep(Duration)
    case set(String, to: String)
    case listVariables
    case join(RoomName)
    /// Stop following a room; nil for the current one.
    case leave(RoomName?)
    case changeRoom(RoomName)
    /// Go to the direct room with a user, and perhaps post there.
    case direct(Username, String?)
    /// Replace the text of one's own message; nil for the last one of this session.
    case edit(Int64?, String)
    /// Speak as somebody else from now on; over a server, a new person comes with a token's file.
    case speak(Username, tokenFile: String?)
    /// Turn something on or off; nil changes it.
    case toggle(ReplToggle, Bool?)
    case save(String)
    case help([String])
    case quit
}

/// What can be turned on and off while the REPL runs.
enum ReplToggle: String, Sendable, CaseIterable {
    /// Commands print JSON.
    case json
    /// Messages appear as JSON.
    case raw
    /// Each line says how long it took.
    case timing
    /// Lines about who comes, goes and types.
    case notices
}
