import ChatCore
import Hummingbird

/// What one HTTP request knows.
package struct HTTPContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The IP address of the peer.
    package let remoteAddress: String
    /// Who asks; set by ``Authentication``.
    package var credential: Credential?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }

    /// - Throws: `unauthenticated` without a credential.
    package func requireCredential() throws(ChatError) -> Credential {
        guard let credential else {
            throw ChatError(
                .unauthenticated, "request: not logged in", hint: "send 'Authorization: Bearer TOKEN' or the cookie")
        }
        return credential
    }

    // MARK: Parameters of the path

    /// The parameter `room`. - Throws: `roomNotFound` for text that can name no room.
    package func roomName() throws(ChatError) -> RoomName {
        do throws(ChatError) { return try RoomName(parameters.get("room") ?? "") } catch {
            throw ChatError(.roomNotFound, error.message)
        }
    }

    /// The parameter `user`. - Throws: `userNotFound` for text that can name no user.
    package func username() throws(ChatError) -> Username {
        do throws(ChatError) { return try Username(parameters.get("user") ?? "") } catch {
            throw ChatError(.userNotFound, error.message)
        }
    }

    /// - Throws: `notFound` for what is no number.
    package func number(_ name: String) throws(ChatError) -> Int64 {
        guard let value = parameters.get(name, as: Int64.self) else {
            throw ChatError(.notFound, "\(name): not a number")
        }
        return value
    }
}

extension Chat {
    /// The use cases in the name of who sent a request.
    ///
    /// - Throws: `unauthenticated`.
    package func service(of context: HTTPContext) throws(ChatError) -> LocalChat {
        let credential = try context.requireCredential()
        return service(for: .user(credential.user, tokenID: credential.tokenID))
    }
}
