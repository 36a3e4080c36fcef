import ArgumentParser
import ChatCore

/// `chatctl user token`
struct UserToken: ChatCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make an access token and print it once.")

    @Argument(help: "Username.") var name: String
    @Option(help: ArgumentHelp("What the token is for.", valueName: "text")) var label = ""
    @Option(help: ArgumentHelp("How long it is valid, such as 30d.", valueName: "duration"))
    var expires: DurationArgument?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        let username = try Username(name)
        try await session.withBackend { backend throws(ChatError) in
            let issued = try await backend.service.createToken(for: username, label: label, life: expires?.value)
            session.show(json: { $0.issuedToken(issued) }) { [issued.secret] }
        }
    }
}
