import ArgumentParser
import ChatCore

/// `chatctl user delete`
struct UserDelete: InvocableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete accounts; their messages stay, under a neutral name.")

    @Argument(help: ArgumentHelp("Usernames.", valueName: "name"), completion: .live(.users)) var names: [String]
    @Flag(help: "Confirm it.") var yes = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func status(_ invocation: Invocation) async throws(ChatError) -> Int32 {
        guard yes else { throw .unconfirmed("deleting user \(names.joined(separator: ", "))") }
        return try await invocation.forEach(names) { text throws(ChatError) in
            try Username(text)
        } _: { backend, user throws(ChatError) in
            try await backend.service.deleteUser(user)
            return user
        } each: { user throws(ChatError) in
            try invocation.say("deleted user \(user)")
        } all: { users throws(ChatError) in
            try invocation.show(list: "deleted", users.map(\.text))
        }
    }
}
