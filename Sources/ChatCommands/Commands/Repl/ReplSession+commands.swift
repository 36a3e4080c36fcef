import ChatCore

extension ReplSession {
    /// Commands that take over the process, or the database that the session works on.
    private static let refused: Set<String> = ["repl", "serve", "run", "restore", "top"]

    /// Runs a command line of chatctl on the session's backend, in the name of who speaks.
    ///
    /// - Returns: the command's exit status.
    /// - Throws: what the command throws.
    func command(_ words: [String]) async throws(ChatError) -> Int32 {
        let words =
            words.first != "help" && toggles.contains(.json) && !words.contains("--json")
            ? ["--json"] + words : words
        if let command = CommandPath(ArgumentOrder.globalsLast(words)).words.first, Self.refused.contains(command) {
            throw ChatError(.usage, "\(command): does not work within a session", hint: "leave it with '/quit' first")
        }
        let context = invocation.context(
            lending: person.backend, to: person.name, output: screen, notices: commandNotices,
            input: ReplInput(base: invocation.input))
        return try await Program.perform(words, in: context)
    }
}

extension Invocation {
    /// The backend of one more person in a session: on the same database, or on the same server with a token of theirs.
    ///
    /// - Throws: `userNotFound`, `usage` without a token where one is needed, `notAllowed` for somebody else's token.
    func backend(of user: Username, tokenFile: String?, beside other: Backend) async throws(ChatError) -> Backend {
        guard let server = settings["server"], other.isRemote else {
            guard tokenFile == nil else {
                throw ChatError(.usage, "as: a token is for a server, and this works on a database")
            }
            return try await other.speaking(as: user)
        }
        guard let tokenFile else {
            throw ChatError(
                .usage, "as: over a server, \(user) needs a token",
                hint: "write '/as \(user) TOKENFILE'; 'chatctl user token \(user)' makes a token")
        }
        let backend = try Assembly.remote(server, token: try Credentials.token(inFile: tokenFile), settings)
        return try await backend.speaking(as: user)
    }
}
