import ArgumentParser
import ChatClient
import ChatCore
import ChatTerminal
import ChatWire

/// `chatctl login`
struct Login: ChatCommand {
    static let configuration = CommandConfiguration(abstract: "Log in to a server and save the token.")

    @Argument(help: "Address of the server, http://HOST:PORT.") var url: String
    @Option(help: "Username. Without it: asked for on the terminal.") var username: String?
    @Flag(help: "Read the password from standard input.") var passwordStdin = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let address = try ServerAddress(url)
        let name = try Username(try wantedName(invocation))
        let input = invocation.input
        let password =
            passwordStdin ? try PasswordInput.piped(input) : try PasswordInput.ask("Password for \(name): ", input)
        invocation.screen.detail("server \(address)")
        let token = try await RemoteChat.logIn(to: address, username: name.text, password: password)
        try invocation.credentials.save(token, for: url)
        guard invocation.printsJSON else { return try invocation.screen.line("logged in as \(name)") }
        try invocation.document { json in
            json.field("server", address.description)
            json.field("username", name.text)
        }
    }

    private func wantedName(_ invocation: Invocation) throws(ChatError) -> String {
        if let name = username ?? invocation.settings["user"] { return name }
        guard !passwordStdin else {
            throw ChatError(.usage, "log-in: no username", hint: "name one with '--username NAME'")
        }
        let isAsked = invocation.input.isTerminal
        if isAsked { invocation.screen.prompt("Username: ") }
        var reader = LineReader(invocation.input, limit: 256)
        guard case .text(let typed)? = try reader.next(), !typed.isEmpty else {
            // Nobody ended the line that was asked for.
            if isAsked { invocation.screen.prompt("\n") }
            throw ChatError(.usage, "log-in: no username", hint: "name one with '--username NAME'")
        }
        return String(decoding: typed, as: UTF8.self)
    }
}

/// `chatctl logout`
struct Logout: ChatCommand {
    static let configuration = CommandConfiguration(abstract: "End the log-in session and forget its token.")

    @Argument(help: "Address of the server. Without it: the one of --server.") var url: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        guard let server = url ?? invocation.settings["server"] else {
            throw ChatError(.usage, "log-out: no server", hint: "name it: 'chatctl logout URL'")
        }
        let address = try ServerAddress(server)
        let token = try invocation.credentials.token(for: server, invocation.settings)
        invocation.screen.detail("server \(address)")
        do throws(ChatError) {
            try await RemoteChat(address: address, token: token).logOut()
        } catch  where error.code == .unauthenticated {
            // The session has ended already.
        }
        try invocation.credentials.save(nil, for: server)
        guard invocation.printsJSON else { return try invocation.say("logged out of \(address)") }
        try invocation.document { json in
            json.field("server", address.description)
            json.field("logged_out", true)
        }
    }
}
