import ChatCore
import Testing

@Suite struct FNV1aTests {
    /// From the test vectors of the algorithm's authors.
    @Test(
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("b", 0xaf63_df4c_8601_f1a5),
            ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)])
    func `the hash of a text is the published one`(text: String, hash: UInt64) {
        #expect(FNV1a.hash(text) == hash)
    }
}
