import ChatClient
import ChatCore
import ChatWire

/// The tokens that `login` saved, by server; the file is readable to its owner only.
struct Credentials: Sendable {
    /// nil where the environment names no folder for it.
    let path: String?

    init(_ folders: Folders) {
        path = folders.configuration.map { "\($0)/credentials.json" }
    }

    /// The token for a server: from the file named, the environment, or the last log-in.
    ///
    /// - Throws: `unauthenticated` when there is none, `configuration` for a file that cannot be read.
    func token(for server: String, _ settings: Settings) throws(ChatError) -> String {
        // The variable holds the token itself, and comes before a file that only the configuration file names.
        if settings.source(of: "token_file") != .flag, let token = settings["token"] {
            return try Self.word(token, from: "CHATCTL_TOKEN")
        }
        if let file = settings["token_file"] { return try Self.token(inFile: file) }
        if let token = settings["token"] { return try Self.word(token, from: "CHATCTL_TOKEN") }
        guard let token = try load()[try Self.normal(server)] else {
            throw ChatError(
                .unauthenticated, "server \(server): no token for it", hint: "log in with 'chatctl login \(server)'")
        }
        return token
    }

    /// The token that a file holds.
    ///
    /// - Throws: `configuration` for a file that is not there, or holds none.
    static func token(inFile file: String) throws(ChatError) -> String {
        guard let text = try TextFile.read(file) else {
            throw ChatError(.configuration, "\(file): no such file", hint: "name the token's file with --token-file")
        }
        return try word(text, from: file)
    }

    /// Keeps the token for a server, or forgets it when it is nil.
    ///
    /// - Throws: `configuration` when the file cannot be written.
    func save(_ token: String?, for server: String) throws(ChatError) {
        guard let path else {
            throw ChatError(
                .configuration, "credentials: no folder for them, XDG_CONFIG_HOME and HOME are not set",
                hint: "pass the token in CHATCTL_TOKEN")
        }
        var all = try load()
        all[try Self.normal(server)] = token
        try TextFile.write(String(decoding: ShapeCoder.encode(all), as: UTF8.self), to: path)
    }

    private func load() throws(ChatError) -> [String: String] {
        guard let path, let text = try TextFile.read(path) else { return [:] }
        return (try? ShapeCoder.decode([String: String].self, from: Array(text.utf8))) ?? [:]
    }

    /// One name for all forms of an address, such as `HTTP://A:80/` and `http://a`.
    private static func normal(_ server: String) throws(ChatError) -> String { try ServerAddress(server).description }

    /// The token without the white space around it, or a BOM before it, that editors and shells leave.
    ///
    /// - Throws: `configuration` when there is nothing else.
    private static func word(_ text: String, from place: String) throws(ChatError) -> String {
        let word = text.drop { $0.isWhitespace || $0 == "\u{feff}" }.prefix { !$0.isWhitespace }
        guard !word.isEmpty else { throw ChatError(.configuration, "\(place): holds no token") }
        return String(word)
    }
}
