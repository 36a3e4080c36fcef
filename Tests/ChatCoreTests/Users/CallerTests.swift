import ChatCore
import Testing

/// On whose behalf a use case runs, and what follows from it.
@Suite struct CallerTests {
    private func user(_ role: SiteRole = .user, disabled: Bool = false) -> User {
        User(
            id: UserID(1), username: Username(stored: "alice"), displayName: "", bio: "", role: role,
            disabledAt: disabled ? Timestamp(milliseconds: 1) : nil, createdAt: Timestamp(milliseconds: 0))
    }

    private func code(_ ask: () throws(ChatError) -> Void) -> ErrorCode? {
        do throws(ChatError) { try ask() } catch { return error.code }
        return nil
    }

    @Test func `an operator and an administrator administrate, a user does not`() {
        #expect(Caller.operator(as: nil).isAdministrator)
        #expect(Caller.operator(as: user()).isAdministrator)
        #expect(Caller.user(user(.admin)).isAdministrator)
        #expect(!Caller.user(user()).isAdministrator)
        #expect(code { () throws(ChatError) in try Caller.user(user()).requireAdministrator(for: "x") } == .notAllowed)
        #expect(code { () throws(ChatError) in try Caller.operator(as: nil).requireAdministrator(for: "x") } == nil)
    }

    @Test func `who acts in a user's name must be named and not disabled`() throws {
        #expect(try Caller.user(user()).speaker() == user())
        #expect(try Caller.operator(as: user()).speaker() == user())
        #expect(code { () throws(ChatError) in _ = try Caller.operator(as: nil).speaker() } == .usage)
        #expect(code { () throws(ChatError) in _ = try Caller.user(user(disabled: true)).speaker() } == .disabled)
    }

    @Test func `the audit log names the user, or the operator who did not say`() {
        #expect(Caller.user(user()).auditName == "alice")
        #expect(Caller.operator(as: user()).auditName == "alice")
        #expect(Caller.operator(as: nil).auditName == "operator")
        #expect(Caller.operator(as: nil, named: "ada").auditName == "ada")
        #expect(Caller.operator(as: user(), named: "ada").auditName == "alice")
    }
}
