import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct ConfigurationFileTests {
    private func parse(_ text: String) throws -> [String: String] {
        try ConfigurationFile.parse(text, path: "config.toml").settings
    }

    @Test func `a profile has settings of its own`() throws {
        let text = """
            user = "alice"

            [profile.work]   # the servers at work
            server = "http://a"
            user = "amy"
            [ profile . Home-2_ ]
            user = "bob"
            """
        let content = try ConfigurationFile.parse(text, path: "config.toml")
        #expect(content.settings == ["user": "alice"])
        #expect(content.profiles == ["work": ["server": "http://a", "user": "amy"], "Home-2_": ["user": "bob"]])
    }

    @Test(arguments: [
        "[profile.a]\n[profile.a]", "[profile.a]\nuser = \"x\"\nuser = \"y\"", "[profile.]", "[profile]",
        "[profile.a.b]",
        "[profile.a] user = \"x\"", "[profile.\"a\"]", "[other.a]", "[profile.a]\ntoken = \"x\"", "[profile.ä]",
    ])
    func `what is no profile is refused with its line`(text: String) throws {
        let line = text.split(separator: "\n").count
        #expect { try parse(text) } throws: { error in
            (error as? ChatError)?.message.hasPrefix("config.toml: line \(line) ") == true
        }
    }

    @Test func `settings, comments and empty lines are read`() throws {
        let text = """
            # the installation at work
            database = "sqlite:/srv/chat.db"   # not the one at home

              user='alice'
            redis\t=\t"redis://a#b"
            """
        let expected = ["database": "sqlite:/srv/chat.db", "user": "alice", "redis": "redis://a#b"]
        #expect(try parse(text) == expected)
    }

    @Test func `each setting can stand in the file`() throws {
        let text = ConfigurationFile.names.map { "\($0) = \"x\"\n" }.joined()
        #expect(Set(try parse(text).keys) == ConfigurationFile.names)
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `lines may end as on any system`(end: String) throws {
        let text = ["# mine", "user = \"alice\"", "server = \"http://a\""].joined(separator: end)
        #expect(try parse(text) == ["user": "alice", "server": "http://a"])
    }

    @Test func `a byte order mark is no part of the first line`() throws {
        #expect(try parse("\u{feff}user = \"alice\"") == ["user": "alice"])
    }

    @Test func `single quotes take backslashes as they are, double quotes refuse them`() throws {
        #expect(try parse(#"database = 'sqlite:C:\chat.db'"#) == ["database": #"sqlite:C:\chat.db"#])
        #expect(throws: ChatError.self) { try parse(#"database = "sqlite:C:\chat.db""#) }
    }

    @Test(arguments: [
        "database = ", "[[[", "user = 3", "database = 'mysql://x\"", "user = \"alice", "user \"alice\"", "= \"x\"",
        "colour = \"red\"", "user = \"a\" server = \"b\"", "user = \"a\"\nuser = \"b\"", "[server]", "token = \"x\"",
    ])
    func `anything else is refused with its line`(text: String) throws {
        let line = text.split(separator: "\n").count + 1
        #expect {
            try parse("# first\n" + text)
        } throws: { error in
            let error = error as? ChatError
            return error?.code == .configuration && error?.message.hasPrefix("config.toml: line \(line) ") == true
                && error?.hint?.contains("database") == true
        }
    }

    @Test func `the file lies in the folder of configurations`() {
        #expect(ConfigurationFile.path(Folders(["XDG_CONFIG_HOME": "/c"])) == "/c/chatctl/config.toml")
        #expect(ConfigurationFile.path(Folders([:])) == nil)
    }

    @Test func `no file and no folder are not the same as an empty file`() throws {
        let folder = try TemporaryFolder()
        let folders = Folders(["XDG_CONFIG_HOME": folder.path])
        #expect(try ConfigurationFile.load(folders) == nil)
        #expect(try ConfigurationFile.load(Folders([:])) == nil)
        try folder.write("", to: "chatctl/config.toml")
        #expect(try ConfigurationFile.load(folders) == ConfigurationFile.Content())
    }
}
