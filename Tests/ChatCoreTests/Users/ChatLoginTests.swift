import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// Logging in and out.
@Suite struct ChatLoginTests {
    private let name = Username(stored: "alice")

    @Test func `the right password opens a session, which ends with the log-out`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice", password: "long enough")
        let (user, issued) = try await node.chat.logIn(name, password: "long enough", from: "::1")
        #expect(user == alice && issued.token.kind == .session)
        #expect(issued.token.expiresAt == node.clock.now + Limits.sessionLife)
        let credential = try await node.chat.authenticate(token: issued.secret)
        #expect(credential.user == alice)
        try await node.chat.logOut(credential)
        #expect(node.hub.events == [.sessionEnded(alice.id, tokenID: issued.token.id)])
        await expect(.unauthenticated) { _ = try await node.chat.authenticate(token: issued.secret) }
        await node.close()
    }

    @Test func `an unknown name, a wrong password and none at all are told apart by nobody`() async throws {
        let observer = Observed()
        let node = try await TestNode(in: TemporaryFolder(), observer: observer)
        _ = try await node.makeUser("alice", password: "long enough")
        _ = try await node.makeUser("robot")
        var answers: Set<String> = []
        for (name, password) in [("alice", "wrong"), ("nobody", "wrong"), ("robot", "")] {
            do {
                _ = try await node.chat.logIn(Username(name), password: password, from: "::1")
                Issue.record("\(name) came in")
            } catch {
                answers.insert("\(error)")
            }
        }
        #expect(answers.count == 1)
        #expect(observer.failedLogins == ["alice ::1", "nobody ::1", "robot ::1"])
        await node.close()
    }

    @Test func `after ten failures the right password waits a minute too`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        _ = try await node.makeUser("alice", password: "long enough")
        for number in 1...Limits.loginAttempts {
            await expect(.unauthenticated) {
                _ = try await node.chat.logIn(name, password: "wrong", from: "10.0.0.\(number)")
            }
        }
        await expect(.rateLimited) { _ = try await node.chat.logIn(name, password: "long enough", from: "::1") }
        node.clock.advance(by: .seconds(60))
        _ = try await node.chat.logIn(name, password: "long enough", from: "::1")
        await node.close()
    }

    @Test func `a disabled account is told so only with its password`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        _ = try await node.makeUser("alice", password: "long enough")
        _ = try await node.chat.service(for: .operator(as: nil)).updateUser(name, UserChange(disabled: true))
        await expect(.unauthenticated) { _ = try await node.chat.logIn(name, password: "wrong", from: "::1") }
        await expect(.disabled) { _ = try await node.chat.logIn(name, password: "long enough", from: "::1") }
        await node.close()
    }

    @Test func `a new password ends the sessions and not the access tokens`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice", password: "long enough")
        let (_, session) = try await node.chat.logIn(name, password: "long enough", from: "::1")
        let access = try await node.service(for: alice).createToken(for: name, label: "", life: nil)
        _ = try await node.service(for: alice).updateUser(name, UserChange(password: "longer still"))
        await expect(.unauthenticated) { _ = try await node.chat.authenticate(token: session.secret) }
        _ = try await node.chat.authenticate(token: access.secret)
        await node.close()
    }

    @Test func `the last use of a token is noted once a minute and written behind`() async throws {
        let node = try await TestNode(in: TemporaryFolder())
        let alice = try await node.makeUser("alice")
        let issued = try await node.service(for: alice).createToken(for: name, label: "", life: nil)
        func lastUse() async throws -> Timestamp? {
            _ = try await node.chat.authenticate(token: issued.secret)
            await node.chat.writeNotes()
            return try await node.store.tokens(of: alice.id).first?.lastUsedAt
        }
        let start = node.clock.now
        #expect(try await lastUse() == start)
        node.clock.advance(by: .seconds(59))
        #expect(try await lastUse() == start)
        node.clock.advance(by: .seconds(1))
        #expect(try await lastUse() == start + .seconds(60))
        await node.close()
    }
}

/// Keeps what was observed.
final class Observed: Observer {
    private let seen = Mutex<[Observation]>([])

    func observe(_ observation: Observation) { seen.withLock { $0.append(observation) } }

    var all: [Observation] { seen.withLock { $0 } }

    var failedLogins: [String] {
        all.compactMap { if case .loginFailed(let name, let address) = $0 { "\(name) \(address)" } else { nil } }
    }

    var limited: [RatedAct] {
        all.compactMap { if case .limited(let act, _) = $0 { act } else { nil } }
    }
}
