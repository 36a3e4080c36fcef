import ArgumentParser
import ChatCore

/// `chatctl user list`
struct UserList: ChatCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the accounts.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ session: Session) async throws(ChatError) {
        try await session.withBackend { backend throws(ChatError) in
            session.show(users: try await backend.service.users())
        }
    }
}
