import COpenSSL
import ChatCore

// Passwords are hashed with scrypt (RFC 7914), which is expensive by design: fewer computations than cores run, on
// threads of their own, and only a limited number may wait. Tokens carry 256 random bits; for them one SHA-256 is enough.

/// Hashes passwords and creates tokens with OpenSSL.
package final class OpenSSLKeeper: SecretKeeper {
    private static let saltBytes = 16
    private static let keyBytes = 32

    private let work: WorkQueue

    /// - Parameter cores: of the machine; one is left free while password hashes are computed, if there are several.
    package init(cores: Int) {
        work = WorkQueue(width: cores - 1, depth: Limits.waitingPasswordHashes)
    }

    /// - Throws: `unavailable` when ``Limits/waitingPasswordHashes`` wait already.
    package func hash(password: String) async throws(ChatError) -> String {
        let salt = try Self.random(Self.saltBytes)
        let key = try await key(of: password, salt: salt, cost: .present, length: Self.keyBytes)
        return PasswordHash(cost: .present, salt: salt, key: key).text
    }

    /// A hash that cannot be parsed counts as nil.
    ///
    /// - Throws: `unavailable` when ``Limits/waitingPasswordHashes`` wait already.
    package func verify(password: String, hash: String?) async throws(ChatError) -> Bool {
        let known = hash.flatMap(PasswordHash.init(text:))
        let compared = known ?? Self.nobodys
        let key = try await key(
            of: password, salt: compared.salt, cost: compared.cost, length: compared.key.count)
        return CRYPTO_memcmp(compared.key, key, key.count) == 0 && known != nil
    }

    /// `chat_` and 256 random bits in base64 for URLs.
    package func newToken() throws(ChatError) -> String {
        "chat_" + Base64.encodeForURL(try Self.random(32))
    }

    /// SHA-256 of the token.
    package func digest(token: String) -> [UInt8] { Self.sha256(token) }

    /// SHA-256 of the token with a prefix that makes it differ from ``digest(token:)``, in hexadecimal.
    package func csrfToken(of token: String) -> String {
        Self.sha256("csrf:" + token).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Used in place of a missing hash, so that verification takes as long.
    private static var nobodys: PasswordHash {
        PasswordHash(
            cost: .present, salt: [UInt8](repeating: 0, count: saltBytes), key: [UInt8](repeating: 0, count: keyBytes))
    }

    private func key(
        of password: String, salt: [UInt8], cost: ScryptCost, length: Int
    ) async throws(ChatError) -> [UInt8] {
        let result = await work.run { () -> Result<[UInt8], ChatError> in
            do throws(ChatError) {
                return .success(try Scrypt.key(of: password, salt: salt, cost: cost, length: length))
            } catch {
                return .failure(error)
            }
        }
        guard let result else {
            throw ChatError(
                .unavailable, "password: too many are being checked", hint: "try again", retryAfter: .seconds(1))
        }
        return try result.get()
    }

    private static func random(_ count: Int) throws(ChatError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw ChatError(.fault, "random numbers: none to be had") }
        return bytes
    }

    private static func sha256(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        if EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1 { return digest }
        // If no memory is left for a digest, return one that matches no stored digest.
        return digest.map { _ in UInt8.random(in: .min ... .max) }
    }
}
