import ChatCore

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

    /// The FNV-1a hash of the script in 16 hexadecimal digits, to detect an accidental edit.
    package var checksum: String {
        let digits = String(FNV1a.hash(script), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
