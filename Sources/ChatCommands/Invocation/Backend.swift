import ChatClient
import ChatCore

/// The use cases that commands call: of a running server, or of an open database in this process.
package struct Backend: Sendable {
    let service: any ChatService & FollowService
    /// Who speaks on a database; on a server the token says it.
    let speaker: User?
    /// What is worked on, as it may be shown.
    let name: String
    private let place: Place

    private enum Place {
        case server(RemoteChat)
        case database(Chat, close: @Sendable () async -> Void)
    }

    init(server: RemoteChat, name: String) {
        self.init(service: server, speaker: nil, name: name, place: .server(server))
    }

    /// - Parameters:
    ///   - operator: the name under which acts without a speaker are recorded.
    ///   - close: closes the database that `chat` works on.
    package init(
        chat: Chat, name: String, operator: String = Caller.unnamed, close: @escaping @Sendable () async -> Void
    ) {
        let service = chat.service(for: .operator(as: nil, named: `operator`))
        self.init(service: service, speaker: nil, name: name, place: .database(chat, close: close))
    }

    private init(service: any ChatService & FollowService, speaker: User?, name: String, place: Place) {
        self.service = service
        self.speaker = speaker
        self.name = name
        self.place = place
    }

    /// The same backend with somebody who speaks. On a server the token says who that is, and it must be the one named.
    ///
    /// - Throws: `userNotFound`; `notAllowed` for somebody else than the token's user.
    func speaking(as username: Username?) async throws(ChatError) -> Backend {
        guard let username else { return self }
        guard case .database(let chat, _) = place else {
            if let owner = try await remoteUser()?.username, owner != username {
                throw ChatError(
                    .notAllowed, "speaker \(username): the token is that of \(owner)",
                    hint:
                        "leave out --as, CHATCTL_USER and 'user' in the configuration file, or use a token of \(username)"
                )
            }
            return self
        }
        let service = try await chat.operatorService(as: username)
        return Backend(service: service, speaker: service.caller.user, name: name, place: place)
    }

    /// Whose name acts bear: that of the token's user on a server, of `--as` on a database.
    ///
    /// - Throws: `usage` when nobody was named.
    func actor() async throws(ChatError) -> User {
        if let user = try await remoteUser() { return user }
        if let speaker { return speaker }
        return try Caller.operator(as: nil).speaker()
    }

    /// It is a server, where a token says who speaks.
    var isRemote: Bool {
        switch place {
        case .server: true
        case .database: false
        }
    }

    /// Who the server's token belongs to, nil on a database.
    private func remoteUser() async throws(ChatError) -> User? {
        guard case .server(let remote) = place else { return nil }
        return try await remote.me()
    }

    /// The URL of the server, without a path; nil on a database.
    var address: String? {
        guard case .server(let remote) = place else { return nil }
        return remote.address.description
    }

    /// Waits for what is in flight and closes the database.
    package func close() async {
        guard case .database(let chat, let close) = place else { return }
        await chat.close()
        await close()
    }
}
