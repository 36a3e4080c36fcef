import ArgumentParser
import ChatCore

/// `chatctl whoami`
struct Whoami: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the account in whose name commands act.",
        discussion: "On a database this is the user of --as, on a server the user of the token.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(user: try await backend.actor())
        }
    }
}
