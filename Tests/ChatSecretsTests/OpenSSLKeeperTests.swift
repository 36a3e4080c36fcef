import ChatCore
import Testing

@testable import ChatSecrets

@Suite struct OpenSSLKeeperTests {
    private let keeper = OpenSSLKeeper(cores: 2)

    @Test func `a password is known by its hash, another is not`() async throws {
        let hash = try await keeper.hash(password: "correct horse é😀")
        #expect(hash.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
        #expect(hash.split(separator: "$").map(\.count) == [6, 13, 22, 43], "16 and 32 bytes in base64, no padding")
        #expect(try await keeper.verify(password: "correct horse é😀", hash: hash))
        #expect(try await !keeper.verify(password: "correct horse é😁", hash: hash))
        #expect(try await !keeper.verify(password: "", hash: hash))
        #expect(try await hash != keeper.hash(password: "correct horse é😀"), "each hash has a salt of its own")
    }

    @Test func `a password is hashed to its last byte, also behind a null`() async throws {
        let hash = try await keeper.hash(password: "same\0one")
        #expect(try await keeper.verify(password: "same\0one", hash: hash))
        #expect(try await !keeper.verify(password: "same\0two", hash: hash))
    }

    @Test(arguments: [nil, "", "x", "$scrypt$ln=15,r=8,p=1$$", "$argon2id$v=19$m=1$a$b"] as [String?])
    func `without a hash that can be read every password is wrong`(hash: String?) async throws {
        #expect(try await !keeper.verify(password: "correct horse", hash: hash))
        #expect(try await !keeper.verify(password: "", hash: hash))
    }

    @Test func `without a hash the answer takes as long`() async throws {
        let hash = try await keeper.hash(password: "correct horse")
        let clock = ContinuousClock()
        var (known, unknown) = (Duration.seconds(9), Duration.seconds(9))
        for _ in 0..<3 {
            known = min(known, try await clock.measure { _ = try await keeper.verify(password: "x", hash: hash) })
            unknown = min(unknown, try await clock.measure { _ = try await keeper.verify(password: "x", hash: nil) })
        }
        // Far from equal on a busy machine, but a way without the work takes a thousandth.
        #expect(unknown > known / 10)
    }

    @Test func `an older hash at another cost is still known`() async throws {
        let cost = ScryptCost(logN: 10, blockSize: 8, parallelism: 2)
        let key = try Scrypt.key(of: "old one", salt: [1, 2, 3], cost: cost, length: 64)
        let hash = PasswordHash(cost: cost, salt: [1, 2, 3], key: key).text
        #expect(try await keeper.verify(password: "old one", hash: hash))
        #expect(try await !keeper.verify(password: "new one", hash: hash))
    }

    @Test func `more than may wait are sent away at once, the others are served`() async throws {
        let narrow = OpenSSLKeeper(cores: 1)
        let cost = ScryptCost(logN: 13, blockSize: 8, parallelism: 1)
        let key = try Scrypt.key(of: "correct horse", salt: [1], cost: cost, length: 32)
        let hash = PasswordHash(cost: cost, salt: [1], key: key).text
        let (served, refused) = await withTaskGroup(of: ChatError?.self) { group in
            for _ in 0..<2 * Limits.waitingPasswordHashes {
                group.addTask {
                    do throws(ChatError) {
                        let isRight = try await narrow.verify(password: "correct horse", hash: hash)
                        return isRight ? nil : ChatError(.fault, "wrong")
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: (0, [ChatError]())) { sums, error in
                if let error { sums.1.append(error) } else { sums.0 += 1 }
            }
        }
        #expect(served > Limits.waitingPasswordHashes && served + refused.count == 2 * Limits.waitingPasswordHashes)
        #expect(!refused.isEmpty)
        #expect(refused.allSatisfy { $0.code == .unavailable && $0.retryAfter != nil && $0.hint != nil })
    }

    @Test func `tokens are safe in a header, of 256 bits, and never the same`() throws {
        let tokens = try (0..<1_000).map { _ in try keeper.newToken() }
        #expect(Set(tokens).count == 1_000)
        for token in tokens {
            #expect(token.hasPrefix("chat_") && token.utf8.count == 5 + 43)
            #expect(
                token.utf8.allSatisfy {
                    $0 == 45 || $0 == 95 || Character(Unicode.Scalar($0)).isLetter || (48...57).contains($0)
                })
        }
        #expect(tokens.contains { $0.contains("-") } && !tokens.contains { $0.contains("+") || $0.contains("/") })
    }

    @Test func `the digest is SHA-256`() {
        // FIPS 180-2, appendix B.1.
        #expect(
            keeper.digest(token: "abc") == [
                0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0,
                0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
            ])
    }

    @Test func `a page's token follows from the session's and is not its digest`() {
        let token = keeper.csrfToken(of: "chat_x")
        #expect(token == "a68a53851bdfdb6caf86acde48601d469a6c72267b9c5fb52ad9397b9c59ef52")
        #expect(token != keeper.csrfToken(of: "chat_y"))
    }
}
