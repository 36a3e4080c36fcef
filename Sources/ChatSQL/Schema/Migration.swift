/// One numbered step of a database's schema. Its script must never change once it was released: databases store its
/// checksum.
package struct Migration: Sendable {
    package let version: Int
    package let name: String
    /// SQL statements separated by semicolons.
    let script: String

    package init(version: Int, name: String, script: String) {
        self.version = version
        self.name = name
        self.script = script
    }

    /// A fingerprint of the script (FNV-1a, 64 bits): it finds an edit by mistake, and resists no attacker.
    package var checksum: String {
        let hash = script.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
