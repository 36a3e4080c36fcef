import COpenSSL
import ChatCore
import Dispatch
import Synchronization

// Passwords are hashed with scrypt (RFC 7914) at N=2^15, r=8, p=1: 32 MiB and tens of milliseconds each, which
// is what makes guessing dear. The work runs on its own queues, one a core, so it never holds up an event loop,
// and only so many may wait. Tokens carry 256 random bits; for them one SHA-256 is enough.

/// Hashes passwords and makes tokens with OpenSSL.
package final class OpenSSLKeeper: SecretKeeper {
    private static let cost = ScryptCost(logN: 15, blockSize: 8, parallelism: 1)

    private let queues: [DispatchQueue]
    private let waiting = Atomic<Int>(0)
    private let next = Atomic<Int>(0)

    package init(cores: Int) {
        queues = (0..<max(1, cores)).map { DispatchQueue(label: "chatctl.passwords.\($0)") }
    }

    package func hash(password: String) async throws(ChatError) -> String {
        let salt = try Self.random(16)
        let key = try await onQueue { () throws(ChatError) in
            try Self.scrypt(password, salt: salt, cost: Self.cost)
        }
        return PasswordHash(cost: Self.cost, salt: salt, key: key).text
    }

    package func verify(password: String, hash: String?) async throws(ChatError) -> Bool {
        let known = hash.flatMap(PasswordHash.init(text:))
        let salt = known?.salt ?? [UInt8](repeating: 0, count: 16)
        let cost = known?.cost ?? Self.cost
        let key = try await onQueue { () throws(ChatError) in
            try Self.scrypt(password, salt: salt, cost: cost)
        }
        guard let known, known.key.count == key.count else { return false }
        return CRYPTO_memcmp(known.key, key, key.count) == 0
    }

    package func newToken() throws(ChatError) -> String {
        "chat_" + Base64URL.encode(try Self.random(32))
    }

    package func digest(token: String) -> [UInt8] { Self.sha256(Array(token.utf8)) }

    package func csrfToken(of token: String) -> String {
        Base64URL.encode(Self.sha256(Array("csrf:\(token)".utf8)))
    }

    /// Runs `work` on one of the queues.
    ///
    /// - Throws: `unavailable` when ``Limits/waitingPasswordHashes`` wait already.
    private func onQueue(
        _ work: @escaping @Sendable () throws(ChatError) -> [UInt8]
    ) async throws(ChatError) -> [UInt8] {
        guard waiting.add(1, ordering: .relaxed).newValue <= Limits.waitingPasswordHashes else {
            waiting.subtract(1, ordering: .relaxed)
            throw ChatError(
                .unavailable, "password: too many are being checked", hint: "try again", retryAfter: .seconds(1))
        }
        defer { waiting.subtract(1, ordering: .relaxed) }
        let queue = queues[next.add(1, ordering: .relaxed).newValue % queues.count]
        let result: Result<[UInt8], ChatError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(ChatError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    private static func scrypt(
        _ password: String, salt: [UInt8], cost: ScryptCost
    ) throws(ChatError) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: 32)
        let done = EVP_PBE_scrypt(
            password, password.utf8.count, salt, salt.count, UInt64(1) << cost.logN, cost.blockSize, cost.parallelism,
            256 << 20, &key, key.count)
        guard done == 1 else { throw ChatError(.fault, "password: scrypt failed") }
        return key
    }

    private static func random(_ count: Int) throws(ChatError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw ChatError(.fault, "random numbers: none to be had") }
        return bytes
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        return digest
    }
}
