import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct CredentialsTests {
    private let folder: TemporaryFolder
    private let credentials: Credentials

    init() throws {
        folder = try TemporaryFolder()
        credentials = Credentials(Folders(["XDG_CONFIG_HOME": folder.path]))
    }

    private func token(
        _ server: String = "http://a", _ arguments: [String] = [], _ environment: Environment = [:],
        file: [String: String] = [:]
    ) throws -> String {
        let options = try GlobalOptions.parse(arguments)
        let content = ConfigurationFile.Content(settings: file)
        let settings = try Settings(options, environment, file: content, Folders(environment))
        return try credentials.token(for: server, settings)
    }

    @Test func `a saved token is found for its server alone`() throws {
        try credentials.save("one", for: "http://a")
        try credentials.save("two", for: "http://b/")
        #expect(try token() == "one" && token("http://a/") == "one" && token("http://b") == "two")
        #expect { try token("http://c") } throws: { ($0 as? ChatError)?.code == .unauthenticated }
    }

    @Test(arguments: ["http://a", "HTTP://A/", "http://a:80"])
    func `all forms of an address are one server`(server: String) throws {
        try credentials.save("one", for: server)
        #expect(try token("http://a") == "one" && token("http://a:80/") == "one" && token("Http://a") == "one")
    }

    @Test func `a forgotten token is gone`() throws {
        try credentials.save("one", for: "http://a")
        try credentials.save(nil, for: "http://a")
        #expect { try token() } throws: { error in
            (error as? ChatError)?.hint?.contains("chatctl login http://a") == true
        }
    }

    @Test func `a flag's file beats the environment, that the configuration's file, and that a log-in`() throws {
        try credentials.save("saved", for: "http://a")
        try folder.write("from-file\n", to: "token")
        let environment: Environment = ["CHATCTL_TOKEN": "from-environment"]
        #expect(try token("http://a", [], environment) == "from-environment")
        #expect(try token("http://a", ["--token-file", folder.path + "/token"], environment) == "from-file")
        let file = ["token_file": folder.path + "/token"]
        #expect(try token("http://a", [], environment, file: file) == "from-environment")
        #expect(try token("http://a", [], file: file) == "from-file")
    }

    @Test(arguments: ["secret\n", "secret\r\n", "  secret \n\n", "\u{feff}secret"])
    func `white space and a byte order mark are no part of a token`(text: String) throws {
        try folder.write(text, to: "token")
        #expect(try token("http://a", ["--token-file", folder.path + "/token"]) == "secret")
        #expect(try token("http://a", [], ["CHATCTL_TOKEN": text]) == "secret")
    }

    @Test(arguments: ["", " \n", "\u{feff}\r\n"]) func `a file without a token is a wrong configuration`(text: String)
        throws
    {
        try folder.write(text, to: "token")
        #expect { try token("http://a", ["--token-file", folder.path + "/token"]) } throws: { error in
            (error as? ChatError)?.message.contains("holds no token") == true
        }
    }

    @Test func `a token file that is not there is a wrong configuration`() {
        #expect { try token("http://a", ["--token-file", folder.path + "/none"]) } throws: { error in
            (error as? ChatError)?.code == .configuration
        }
    }

    @Test func `without a home a token is neither found nor saved`() throws {
        let homeless = Credentials(Folders([:]))
        #expect(homeless.path == nil)
        #expect { try homeless.save("x", for: "http://a") } throws: { ($0 as? ChatError)?.code == .configuration }
    }
}
