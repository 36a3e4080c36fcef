import Testing

@Suite struct RoomListTests {
    @Test func `rooms are listed by kind and by member`() async throws {
        try await withInstallation { installation async throws in
            _ = await installation.run(["room", "direct", "root", "bob"])
            func names(_ options: String...) async -> [Substring] {
                await installation.run(["room", "list", "--json"] + options).output
                    .matches(of: /"name":"([a-z]+)/).map(\.output.1)
            }
            #expect(await names("--kind", "private") == ["red"])
            #expect(await names("--kind", "public") == ["general"])
            #expect(await names("--kind", "direct") == ["direct"])
            #expect(await names("--user", "alice") == ["red"])
            #expect(await names("--user", "bob") == ["direct"])
        }
    }
}
