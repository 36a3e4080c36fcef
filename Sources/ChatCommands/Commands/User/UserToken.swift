import ArgumentParser
import ChatCore

/// `chatctl user token`
struct UserToken: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Create an access token and print it once.")

    @Argument(help: "Username.", completion: .live(.users)) var name: String
    @Option(help: ArgumentHelp("What the token is for.", valueName: "text")) var label = ""
    @Option(help: ArgumentHelp("How long it is valid, such as 30d. Without it: until revoked.", valueName: "duration"))
    var expires: DurationArgument?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let username = try Username(name)
        try await invocation.withBackend { backend throws(ChatError) in
            let issued = try await backend.service.createToken(for: username, label: label, life: expires?.value)
            try invocation.show(json: { $0.issuedToken(issued) }) { [issued.secret] }
        }
    }
}
