import ArgumentParser

/// `chatctl user …`
struct UserGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Accounts and access tokens.",
        subcommands: [
            UserCreate.self, UserList.self, UserShow.self, UserPassword.self, UserRole.self, UserDisable.self,
            UserEnable.self, UserDelete.self, UserToken.self, UserTokens.self, UserRevokeToken.self,
        ])
}
