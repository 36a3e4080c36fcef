import Testing

@Suite struct MessageSearchTests {
    @Test(arguments: [
        ("100%", [1]), ("%", [1]), ("a_b", [3]), ("_", [3]), ("\\", [5]), ("'", [6]), ("100", [1, 2]), ("nothing", []),
    ])
    func `every character is taken at its word`(text: String, found: [Int]) async throws {
        try await withInstallation { installation async throws in
            for body in ["100% sure", "1000 sure", "a_b", "axb", "back\\slash", "it's"] {
                _ = await installation.run(["send", "red", body, "--as", "alice"])
            }
            let hits = await installation.run(["message", "search", "--room", "red", "--json", "--", text]).output
            #expect(hits.matches(of: /"seq":(\d+)/).compactMap { Int($0.output.1) }.sorted() == found)
        }
    }
}
