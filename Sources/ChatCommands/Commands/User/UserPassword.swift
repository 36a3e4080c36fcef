import ArgumentParser
import ChatCore

/// `chatctl user password`
struct UserPassword: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a password and end the user's log-in sessions.")

    @Argument(help: "Username.") var name: String
    @Flag(help: "Read the password from standard input.") var passwordStdin = false
    @Flag(help: "Generate a password and print it once.") var generatePassword = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        let password =
            if generatePassword {
                PasswordInput.generate()
            } else if passwordStdin {
                try PasswordInput.piped(invocation.input)
            } else {
                try PasswordInput.ask("New password for \(username): ", invocation.input)
            }
        let change = try UserChange(password: password)
        try await invocation.withBackend { backend throws(ChatError) in
            let user = try await backend.service.updateUser(username, change)
            guard generatePassword else { return try invocation.show(user: user) }
            try invocation.show(json: { $0.object { $0.field("password", password) } }) {
                ["\(username)", "  password: \(password)"]
            }
        }
    }
}
