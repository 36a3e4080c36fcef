import COpenSSL
import ChatCore

/// The parameters of scrypt (RFC 7914 §2).
struct ScryptCost: Equatable {
    /// The cost of new hashes: 32 MiB and some tens of milliseconds.
    static let present = ScryptCost(logN: 15, blockSize: 8, parallelism: 1)
    /// The maximum memory a stored hash may require, so that a manipulated database cannot exhaust the process.
    static let mostMemory: UInt64 = 128 << 20

    /// The binary logarithm of N.
    let logN: UInt64
    let blockSize: UInt64
    let parallelism: UInt64

    /// The memory one computation needs, in bytes.
    var memory: UInt64 { 128 * blockSize * ((UInt64(1) << logN) + parallelism) }

    /// True if the cost is within the accepted limits.
    var isBearable: Bool {
        (1...17).contains(logN) && (1...32).contains(blockSize) && (1...16).contains(parallelism)
            && memory <= Self.mostMemory + 128 * blockSize * parallelism
    }
}

/// The scrypt key derivation function, which makes guessing expensive (RFC 7914).
enum Scrypt {
    /// - Throws: `fault` when memory cannot be allocated.
    static func key(
        of password: String, salt: [UInt8], cost: ScryptCost, length: Int
    ) throws(ChatError) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: length)
        // OpenSSL counts some working space in addition to what the RFC specifies.
        let done = EVP_PBE_scrypt(
            password, password.utf8.count, salt, salt.count, UInt64(1) << cost.logN, cost.blockSize, cost.parallelism,
            cost.memory + (1 << 20), &key, key.count)
        guard done == 1 else { throw ChatError(.fault, "password: scrypt failed") }
        return key
    }
}
