import ArgumentParser
import ChatCore

/// `chatctl user delete`
struct UserDelete: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete an account; its messages stay, under a neutral name.")

    @Argument(help: "Username.") var name: String
    @Flag(help: "Confirm it.") var yes = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        guard yes else { throw .unconfirmed("deleting user \(username)") }
        try await invocation.withBackend { backend throws(ChatError) in
            try await backend.service.deleteUser(username)
            try invocation.done("deleted user \(username)")
        }
    }
}
