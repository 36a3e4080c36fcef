import ArgumentParser
import ChatCore

/// `chatctl user password`
struct UserPassword: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a password; ends the user's log-in sessions.")

    @Argument(help: "Username.") var name: String
    @Flag(help: "Read the password from standard input.") var passwordStdin = false
    @Flag(help: "Make a password and print it once.") var generatePassword = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let username = try Username(name)
        let password =
            if generatePassword {
                PasswordInput.generate()
            } else if passwordStdin {
                try PasswordInput.fromStandardInput()
            } else {
                try PasswordInput.ask("New password for \(username): ")
            }
        let change = try UserChange(password: password)
        try await session.withBackend { backend throws(ChatError) in
            let user = try await backend.service.updateUser(username, change)
            guard generatePassword else { return session.show(user: user) }
            session.show(json: { $0.object { $0.field("password", password) } }) {
                ["\(username)", "  password: \(password)"]
            }
        }
    }
}
