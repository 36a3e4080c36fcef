import ArgumentParser
import ChatCore

/// `chatctl user delete`
struct UserDelete: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete accounts; their messages stay, under a neutral name.")

    @Argument(help: ArgumentHelp("Usernames.", valueName: "name")) var names: [String]
    @Flag(help: "Confirm it.") var yes = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let users = try NamesInARow.users(names)
        guard yes else {
            throw .unconfirmed("deleting user \(users.map(\.text).joined(separator: ", "))")
        }
        try await invocation.withBackend { backend throws(ChatError) in
            for user in users { _ = try await backend.service.user(named: user) }
            for user in users {
                try await backend.service.deleteUser(user)
                if !invocation.printsJSON { try invocation.done("deleted user \(user)") }
            }
            guard invocation.printsJSON else { return }
            try invocation.show { json in
                json.object { json in
                    json.key("deleted")
                    json.array(users) { $0.value($1.text) }
                }
            } text: {
                []
            }
        }
    }
}
