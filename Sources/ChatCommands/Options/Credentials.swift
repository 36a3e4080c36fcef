import ChatCore
import ChatWire

/// The tokens that `login` saved, by server; the file is readable to its owner only.
enum Credentials {
    static var path: String { Folders.configuration + "/credentials.json" }

    /// The token for a server: from the file named, the environment, or the last log-in.
    ///
    /// - Throws: `unauthenticated` when there is none.
    static func token(for server: String, _ settings: Settings) throws(ChatError) -> String {
        if let file = settings["token_file"] {
            guard let text = try TextFile.read(file) else {
                throw ChatError(
                    .configuration, "\(file): no such file", hint: "name the token's file with --token-file")
            }
            return trimmed(text)
        }
        if let token = settings["token"] { return token }
        guard let token = try load()[normal(server)] else {
            throw ChatError(
                .unauthenticated, "server \(server): no token for it", hint: "log in with 'chatctl login \(server)'")
        }
        return token
    }

    static func load() throws(ChatError) -> [String: String] {
        guard let text = try TextFile.read(path) else { return [:] }
        return (try? ShapeCoder.decode([String: String].self, from: Array(text.utf8))) ?? [:]
    }

    static func save(_ token: String?, for server: String) throws(ChatError) {
        var all = try load()
        all[normal(server)] = token
        try TextFile.write(String(decoding: ShapeCoder.encode(all), as: UTF8.self), to: path)
    }

    private static func normal(_ server: String) -> String {
        server.hasSuffix("/") ? String(server.dropLast()) : server
    }

    private static func trimmed(_ text: String) -> String {
        String(text.prefix { !$0.isWhitespace })
    }
}
