import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct InvocationTests {
    private let terminal = BufferOutput(isTerminal: true)

    private func isColoured(
        _ arguments: [String], _ environment: Environment = [:], _ output: BufferOutput
    ) throws -> Bool {
        try Bare.invocation(arguments, environment: environment, output: output).screen.bold("a") != "a"
    }

    @Test func `colour is for terminals whose owner has nothing against it`() throws {
        #expect(try isColoured([], [:], terminal))
        #expect(try !isColoured([], ["NO_COLOR": "1"], terminal))
        #expect(try isColoured([], ["NO_COLOR": ""], terminal))
        #expect(try !isColoured([], [:], BufferOutput()))
        #expect(try isColoured(["--color", "always"], ["NO_COLOR": "1"], BufferOutput()))
        #expect(try !isColoured(["--color", "never"], [:], terminal))
    }

    @Test func `a result is shown as text or as JSON`() throws {
        let (text, json) = (BufferOutput(), BufferOutput())
        for (arguments, output) in [([], text), (["--json"], json)] {
            try Bare.invocation(arguments, output: output).show(json: { $0.object { $0.field("a", 1) } }) {
                ["one", "two"]
            }
        }
        #expect(text.text == "one\ntwo\n" && json.text == "{\"a\":1}\n")
    }

    @Test func `what was done is a sentence, nothing when quiet, and an object in JSON`() throws {
        let (text, quiet, json) = (BufferOutput(), BufferOutput(), BufferOutput())
        for (arguments, output) in [([], text), (["-q"], quiet)] {
            try Bare.invocation(arguments, output: output).say("deleted room red")
        }
        try Bare.invocation(["--json"], output: json).show(list: "deleted", ["red"])
        #expect(text.text == "deleted room red\n" && quiet.text.isEmpty)
        #expect(json.text == #"{"deleted":["red"]}"# + "\n")
    }

    @Test func `a command on a database refuses a server that was asked for`() throws {
        for (arguments, environment) in [(["--server", "http://a"], [:]), ([], ["CHATCTL_SERVER": "http://a"])] {
            let invocation = try Bare.invocation(arguments, environment: Environment(environment))
            #expect { try invocation.requireDirect("serve") } throws: { ($0 as? ChatError)?.code == .usage }
        }
        try Bare.invocation(["--server", ""], environment: ["CHATCTL_SERVER": "http://a"]).requireDirect("serve")
    }

    @Test func `a server that the configuration file names is not meant for them`() throws {
        let folder = try TemporaryFolder()
        try folder.write("server = \"http://a\"\n", to: "chatctl/config.toml")
        let invocation = try Bare.invocation(environment: ["XDG_CONFIG_HOME": folder.path])
        #expect(invocation.settings["server"] == "http://a")
        try invocation.requireDirect("serve")
    }

    @Test func `a broken configuration file is an error`() throws {
        let folder = try TemporaryFolder()
        try folder.write("[[[", to: "chatctl/config.toml")
        #expect {
            try Bare.invocation(environment: ["XDG_CONFIG_HOME": folder.path])
        } throws: {
            ($0 as? ChatError)?.code == .configuration
        }
    }
}
