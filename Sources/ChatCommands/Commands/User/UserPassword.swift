import ArgumentParser
import ChatCore

/// `chatctl user password`
struct UserPassword: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a password and end the user's log-in sessions.",
        discussion: "On a terminal it asks for the password twice, without showing it.")

    @Argument(help: "Username.", completion: .live(.users)) var name: String
    @Flag(help: "Read the password from standard input.") var passwordStdin = false
    @Flag(help: "Generate a password and print it once.") var generatePassword = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !(passwordStdin && generatePassword) else {
            throw ValidationError("--password-stdin and --generate-password exclude each other")
        }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        let password =
            if generatePassword {
                PasswordInput.generate()
            } else if passwordStdin {
                try PasswordInput.piped(invocation.input)
            } else {
                try PasswordInput.askTwice("New password for \(username): ", invocation.input)
            }
        let change = try UserChange(password: password)
        try await invocation.withBackend { backend throws(ChatError) in
            let user = try await backend.service.updateUser(username, change)
            try invocation.show(account: user, created: nil, password: generatePassword ? password : nil)
        }
    }
}
