import ArgumentParser
import ChatCore

/// A room and a user, as the commands of moderation name them.
struct RoomAndUser: ParsableArguments, Sendable {
    @Argument(help: "Name of the room.", completion: .live(.rooms)) var room: String
    @Argument(help: "Username.", completion: .live(.users)) var user: String

    /// - Throws: `invalidInput` for a name that breaks the rule of names.
    func names() throws(ChatError) -> (room: RoomName, user: Username) { (try RoomName(room), try Username(user)) }
}
