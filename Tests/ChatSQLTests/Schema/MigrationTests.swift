import Testing

@testable import ChatSQL

@Suite struct MigrationTests {
    private func checksum(_ script: String) -> String {
        Migration(version: 1, name: "x", script: script).checksum
    }

    @Test func `a checksum has 16 digits and changes with the script alone`() {
        #expect(checksum("a") == "af63dc4c8601ec8c")
        #expect(checksum("a") != checksum("A") && checksum("a") != checksum("a "))
        #expect(Migration(version: 2, name: "y", script: "a").checksum == checksum("a"))
        #expect((0..<300).allSatisfy { checksum("\($0)").utf8.count == 16 })
    }

    /// One of 16 hashes begins with a zero digit, which must not be lost: a stored checksum is compared as text.
    @Test func `leading zeros are kept`() {
        #expect((0..<300).contains { checksum("\($0)").hasPrefix("0") })
    }
}
