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
    @Flag(help: "Succeed when the user exists, and change nothing then.") var ifNotExists = false
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
                let user = try await backend.service.createUser(new)
                try invocation.show(account: user, created: true, password: generated)
            } catch  where error.code == .alreadyExists && ifNotExists {
                let user = try await backend.service.user(named: username)
                for difference in differences(of: user) {
                    invocation.screen.notice("chatctl: user \(username): exists already, \(difference)")
                }
                try invocation.show(account: user, created: false, password: nil)
            }
        }
    }

    /// What was asked for and is otherwise in the account that was found. A script must not take it for granted.
    private func differences(of user: User) -> [String] {
        var found: [String] = []
        if admin, !user.isAdmin {
            found.append("and is no administrator: 'chatctl user role \(user.username) admin' makes it one")
        }
        if user.isDisabled { found.append("and is disabled: 'chatctl user enable \(user.username)' enables it") }
        if let displayName, displayName != user.displayName { found.append("with another display name") }
        if passwordStdin || generatePassword {
            found.append("so its password stays: 'chatctl user password \(user.username)' changes it")
        }
        return found
    }
}

extension Invocation {
    /// An account, whether this command made it, and a generated password, which is shown only once.
    ///
    /// - Parameter created: nil where nothing could have been made.
    func show(account user: User, created: Bool?, password: String?) throws(ChatError) {
        guard printsJSON || password != nil else { return try show(user: user) }
        try show { json in
            json.object { json in
                json.key("user")
                json.user(user)
                if let created { json.field("created", created) }
                json.key("password")
                if let password { json.value(password) } else { json.raw("null") }
            }
        } text: {
            ["\(user.username)  \(user.role.rawValue)", "  password: \(password ?? "-")"]
        }
    }
}
