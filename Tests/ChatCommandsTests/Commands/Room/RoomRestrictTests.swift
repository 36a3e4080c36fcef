import Testing

@Suite struct RoomRestrictTests {
    @Test(arguments: ["ban", "mute"])
    func `a restriction keeps a speaker from posting until it is lifted`(act: String) async throws {
        try await withInstallation { installation async throws in
            _ = await installation.run(["room", act, "general", "bob", "--for", "1h"])
            #expect(await installation.run(["send", "general", "hi", "--as", "bob"]).status == 77)
            _ = await installation.run(["room", "un" + act, "general", "bob"])
            #expect(await installation.run(["send", "general", "hi", "--as", "bob"]).status == 0)
        }
    }

    @Test(arguments: ["ban", "mute"])
    func `a restriction with a life ends by itself, one without does not`(act: String) async throws {
        try await withInstallation { installation async throws in
            _ = await installation.run(["room", act, "general", "bob", "--for", "1h"])
            _ = await installation.run(["room", act, "general", "alice"])
            installation.clock.advance(by: .seconds(3_601))
            #expect(await installation.run(["send", "general", "hi", "--as", "bob"]).status == 0)
            #expect(await installation.run(["send", "general", "hi", "--as", "alice"]).status == 77)
        }
    }
}
