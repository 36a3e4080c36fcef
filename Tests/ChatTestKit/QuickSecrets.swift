import ChatCore

/// Secrets without cryptography, so that a test does not spend its time on hashing.
package struct QuickSecrets: SecretKeeper {
    package init() {}

    package func hash(password: String) async throws(ChatError) -> String { "hash of \(password)" }

    package func verify(password: String, hash: String?) async throws(ChatError) -> Bool {
        hash == "hash of \(password)"
    }

    package func newToken() throws(ChatError) -> String { String(UInt64.random(in: 0...UInt64.max), radix: 36) }

    package func digest(token: String) -> [UInt8] { Array(token.utf8) }

    package func csrfToken(of token: String) -> String { "csrf-\(token)" }
}
