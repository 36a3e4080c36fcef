import ArgumentParser
import ChatClient
import ChatCore
import ChatWire

/// `chatctl login`
struct Login: ChatCommand {
    static let configuration = CommandConfiguration(abstract: "Log in to a server and save the token.")

    @Argument(help: "Address of the server, http://HOST:PORT.") var url: String
    @Option(help: "Username; asked for when left out.") var username: String?
    @Flag(help: "Read the password from standard input.") var passwordStdin = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let address = try ServerAddress(url)
        let name = try Username(try wantedName(session))
        let password =
            passwordStdin ? try PasswordInput.fromStandardInput() : try PasswordInput.ask("Password for \(name): ")
        let token = try await RemoteChat.logIn(to: address, username: name.text, password: password)
        try Credentials.save(token, for: url)
        session.show(json: { $0.object { $0.field("username", name.text) } }) { ["logged in as \(name)"] }
    }

    private func wantedName(_ session: Session) throws(ChatError) -> String {
        if let name = username ?? session.settings["user"] { return name }
        guard !passwordStdin else {
            throw ChatError(.usage, "log-in: no username", hint: "name one with '--username NAME'")
        }
        session.terminal.notice("Username: ")
        guard let typed = readLine(), !typed.isEmpty else { throw ChatError(.usage, "log-in: no username") }
        return typed
    }
}

/// `chatctl logout`
struct Logout: ChatCommand {
    static let configuration = CommandConfiguration(abstract: "End the log-in session and forget its token.")

    @Argument(help: "Address of the server; --server when left out.") var url: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        guard let server = url ?? session.settings["server"] else {
            throw ChatError(.usage, "log-out: from which server?", hint: "name it: 'chatctl logout URL'")
        }
        let token = try Credentials.token(for: server, session.settings)
        do throws(ChatError) {
            try await RemoteChat(address: try ServerAddress(server), token: token).logOut()
        } catch  where error.code == .unauthenticated {
            // The server has forgotten it already.
        }
        try Credentials.save(nil, for: server)
        session.done("logged out of \(server)")
    }
}
