import ArgumentParser

/// `chatctl invite …`
struct InviteGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Addresses by which people sign up.",
        subcommands: [InviteCreate.self, InviteList.self, InviteRevoke.self])
}
