import Testing

@testable import ChatCommands

@Suite struct UsageFaultTests {
    private func hint(_ line: String) async -> String {
        await Bare.run(line.split(separator: " ").map(String.init)).error
    }

    @Test(arguments: [
        ("tail general --folow", "--follow"), ("tail general --cout 3", "--count"), ("room list --jsn", "--json"),
        ("serve --prot 1", "--port"), ("user create x --generate", "--generate-password"),
        ("room list -json", "--json"),
    ])
    func `a mistyped option is answered with the nearest and the command's own help`(line: String, option: String) async
    {
        let error = await hint(line)
        let command = line.split(separator: " ").prefix { !$0.hasPrefix("-") && $0 != "general" && $0 != "x" }
        #expect(
            error.contains("did you mean '\(option)'? see 'chatctl \(command.joined(separator: " ")) --help'"),
            "\(error)")
    }

    @Test(arguments: ["tail general --nonsense", "serve --throw-awya x"])
    func `for an option that is like none, none is named`(line: String) async {
        let error = await hint(line)
        #expect(error.contains("Unknown option") && !error.contains("did you mean"), "\(error)")
    }
}
