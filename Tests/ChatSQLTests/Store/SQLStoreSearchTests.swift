import Testing

@testable import ChatSQL

@Suite struct SQLStoreSearchTests {
    @Test(arguments: [
        ("abc", "%abc%"), ("", "%%"), ("50%", "%50!%%"), ("a_b", "%a!_b%"), ("wow!", "%wow!!%"),
        ("ÄRGER", "%ärger%"), ("'; --", "%'; --%"), ("\\", "%\\%"),
    ])
    func `a pattern finds the text itself, in lower case`(text: String, pattern: String) {
        #expect(SQLStore.pattern(containing: text) == pattern)
    }
}
