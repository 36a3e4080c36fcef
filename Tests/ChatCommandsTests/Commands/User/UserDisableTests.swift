import Testing

@Suite struct UserDisableTests {
    @Test func `a disabled user does not post, an enabled one does`() async throws {
        try await withInstallation { installation async throws in
            _ = await installation.run(["user", "disable", "bob"])
            #expect(await installation.run(["send", "general", "hi", "--as", "bob"]).status == 77)
            _ = await installation.run(["user", "enable", "bob"])
            #expect(await installation.run(["send", "general", "hi", "--as", "bob"]).status == 0)
        }
    }
}
