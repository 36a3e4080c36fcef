import ArgumentParser
import ChatCore
import ChatWire

/// `chatctl user create`
struct UserCreate: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Create an account.")

    @Argument(help: "Username.") var name: String
    @Flag(help: "Read the password from standard input.") var passwordStdin = false
    @Flag(help: "Generate a password and print it once.") var generatePassword = false
    @Flag(help: "Make the user a site administrator.") var admin = false
    @Option(help: ArgumentHelp("Name shown beside messages.", valueName: "text")) var displayName: String?
    @Flag(help: "Succeed when the user exists.") var ifNotExists = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard !(passwordStdin && generatePassword) else {
            throw ValidationError("--password-stdin and --generate-password exclude each other")
        }
    }

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        let generated = generatePassword ? PasswordInput.generate() : nil
        let password = passwordStdin ? try PasswordInput.piped(invocation.input) : generated
        let new = try NewUser(
            username: username, displayName: displayName, role: admin ? .admin : .user, password: password)
        try await invocation.withBackend { backend throws(ChatError) in
            do throws(ChatError) {
                try show(try await backend.service.createUser(new), password: generated, invocation)
            } catch  where error.code == .alreadyExists && ifNotExists {
                try invocation.show(user: try await backend.service.user(named: username))
            }
        }
    }

    private func show(_ user: User, password: String?, _ invocation: Invocation) throws(ChatError) {
        guard let password else { return try invocation.show(user: user) }
        try invocation.show { json in
            json.object { json in
                json.field("password", password)
                json.key("user")
                json.user(user)
            }
        } text: {
            ["\(user.username)  \(user.role.rawValue)", "  password: \(password)"]
        }
    }
}
