import ArgumentParser
import ChatCore

/// `chatctl user delete`
struct UserDelete: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove an account; its messages stay under a neutral name.")

    @Argument(help: "Username.") var name: String
    @Flag(help: "Really do it.") var yes = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let username = try Username(name)
        guard yes else { throw .unconfirmed("deleting user \(username)") }
        try await session.withBackend { backend throws(ChatError) in
            try await backend.service.deleteUser(username)
            session.done("deleted user \(username)")
        }
    }
}
