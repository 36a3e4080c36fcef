import ArgumentParser
import ChatCore

/// `chatctl user list`
struct UserList: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the accounts.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        try await invocation.withBackend { backend throws(ChatError) in
            try invocation.show(users: try await backend.service.users())
        }
    }
}
