import ChatCore
import Testing

@testable import ChatSecrets

@Suite struct ScryptTests {
    /// The vectors of RFC 7914 §12 that need no gigabyte.
    @Test(arguments: [
        (
            "", "", ScryptCost(logN: 4, blockSize: 1, parallelism: 1),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
        (
            "password", "NaCl", ScryptCost(logN: 10, blockSize: 8, parallelism: 16),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
        (
            "pleaseletmein", "SodiumChloride", ScryptCost(logN: 14, blockSize: 8, parallelism: 1),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        ),
    ])
    func `the vectors of RFC 7914 come out`(password: String, salt: String, cost: ScryptCost, hex: String) throws {
        let key = try Scrypt.key(of: password, salt: Array(salt.utf8), cost: cost, length: 64)
        #expect(key.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == hex)
    }
}

@Suite struct PasswordHashTests {
    private static let salt = "AAAAAAAAAAAAAAAAAAAAAA"
    private static let key = "//////////////////////////////////////////8"

    @Test func `a hash is read as it was written`() throws {
        let hash = PasswordHash(
            cost: .present, salt: (0..<16).map { UInt8($0) }, key: (0..<32).map { UInt8(255 - $0) })
        #expect(hash.text == "$scrypt$ln=15,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA")
        #expect(PasswordHash(text: hash.text) == hash)
    }

    @Test(arguments: [
        "ln=15,r=8", "ln=15,r=8,p=1,x=1", "r=8,ln=15,p=1", "ln=15;r=8;p=1", "ln=-1,r=8,p=1", "ln=0,r=8,p=1",
        "ln=18,r=8,p=1",
        "ln=64,r=8,p=1", "ln=17,r=16,p=1", "ln=15,r=0,p=1", "ln=15,r=8,p=0", "ln=15,r=8,p=17",
        "ln=99999999999999999999,r=8,p=1",
        "15,8,1", "",
    ])
    func `costs of another form or beyond bearing are refused`(cost: String) {
        #expect(PasswordHash(text: "$scrypt$ln=15,r=8,p=1$\(Self.salt)$\(Self.key)") != nil)
        #expect(PasswordHash(text: "$scrypt$\(cost)$\(Self.salt)$\(Self.key)") == nil)
    }

    @Test(arguments: [
        "$\(key)", "\(salt)$", "\(salt)$AAAA", "\(salt)$\(key)=", "\(salt)$\(key)$", "\(salt)$*\(key.dropFirst())",
        "\(salt)$ \(key.dropFirst())", "\(salt)$\(key.dropLast())9", "\(salt)$_\(key.dropFirst())", "A$\(key)",
        "\(salt)$\(String(repeating: "A", count: 100))",
    ])
    func `salt and key are base64 in its one form`(rest: String) {
        #expect(PasswordHash(text: "$scrypt$ln=15,r=8,p=1$\(rest)") == nil)
    }

    @Test(arguments: 0..<40) func `base64 is read as it was written`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 89 + 200) }
        let text = Base64.encode(bytes)
        #expect(!text.contains("=") && text.utf8.count == (count * 8 + 5) / 6)
        #expect(Base64.decode(text) == bytes)
    }
}
