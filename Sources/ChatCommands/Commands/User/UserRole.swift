import ArgumentParser
import ChatCore

extension SiteRole: ExpressibleByArgument {}

/// `chatctl user role`
struct UserRole: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Make a user an administrator, or an administrator a plain user.",
        discussion: "The last enabled administrator keeps the role.")

    @Argument(help: "Username.", completion: .live(.users)) var name: String
    @Argument(help: "The new role.") var role: SiteRole
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        let change = try UserChange(role: role)
        return try await invocation.forEachUser([name]) { backend, name throws(ChatError) in
            try await backend.service.updateUser(name, change)
        }
    }
}
