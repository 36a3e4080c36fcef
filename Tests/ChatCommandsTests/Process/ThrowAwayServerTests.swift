import Testing

@testable import ChatCommands

@Suite struct ThrowAwayServerTests {
    @Test func `the server takes nothing from the environment or the configuration file`() throws {
        let command = ThrowAwayServer.command(in: "/tmp/x", threads: 3)
        let words = Array(command.dropFirst())
        let serve = try #require(try Chatctl.parseAsRoot(words) as? Serve)
        let environment: Environment = [
            "HOME": "/home/alice", "CHATCTL_DATABASE": "sqlite:/srv/chat.db", "CHATCTL_REDIS": "redis://a",
            "CHATCTL_SERVER": "http://a", "CHATCTL_PROFILE": "nowhere",
        ]
        let file = ["server": "http://b", "redis": "redis://b"]
        let content = ConfigurationFile.Content(settings: file)
        let settings = try Settings(serve.global, environment, file: content, Folders(environment))
        #expect(settings["database"] == "sqlite:/tmp/x/chat.db")
        #expect(settings["redis"] == nil && settings["server"] == nil)
        #expect(serve.port == 0 && serve.threads == 3 && serve.throwAway == "/tmp/x")
    }

    @Test(arguments: [
        ("listening on http://127.0.0.1:41234", "http://127.0.0.1:41234"), ("", nil),
    ])
    func `the address is the last word of the line`(line: String, url: String?) {
        #expect(ThrowAwayServer.address(in: line) == url)
    }

    @Test func `a command finds the server and its token, and speaks as the token's user`() {
        let server = ThrowAwayServer(
            url: "http://a", token: "t", process: ChildProcess(id: 1), folder: "/tmp/x",
            lifeline: Lifeline(descriptor: -1))
        let environment: Environment = ["PATH": "/bin", "CHATCTL_SERVER": "http://b", "CHATCTL_USER": "alice"]
        #expect(
            server.environment(in: environment).variables
                == [
                    "PATH": "/bin", "CHATCTL_SERVER": "http://a", "CHATCTL_TOKEN": "t", "CHATCTL_USER": "admin",
                    "CHATCTL_RUN": "/tmp/x",
                ])
    }
}
