import ChatCore
import Hummingbird

/// The context of one HTTP request.
package struct HTTPContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The IP address of the peer.
    package let remoteAddress: String
    /// The authenticated caller; set by ``Authentication``.
    package var credential: Credential?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }

    /// The authenticated caller.
    ///
    /// - Throws: `unauthenticated` if there is none.
    package func requireCredential() throws(ChatError) -> Credential {
        guard let credential else {
            throw ChatError(
                .unauthenticated, "request: not logged in", hint: "send 'Authorization: Bearer TOKEN' or the cookie")
        }
        return credential
    }

    // MARK: Parameters of the path

    /// The path parameter `room`.
    ///
    /// - Throws: `roomNotFound` for text that is not a valid room name.
    package func roomName() throws(ChatError) -> RoomName {
        do throws(ChatError) { return try RoomName(parameters.get("room") ?? "") } catch {
            throw ChatError(.roomNotFound, error.message)
        }
    }

    /// The path parameter `user`.
    ///
    /// - Throws: `userNotFound` for text that is not a valid username.
    package func username() throws(ChatError) -> Username {
        do throws(ChatError) { return try Username(parameters.get("user") ?? "") } catch {
            throw ChatError(.userNotFound, error.message)
        }
    }

    /// A path parameter as a number.
    ///
    /// - Throws: `notFound` if it is not a number.
    package func number(_ name: String) throws(ChatError) -> Int64 {
        guard let value = parameters.get(name, as: Int64.self) else {
            throw ChatError(.notFound, "\(name): not a number")
        }
        return value
    }
}

extension Chat {
    /// The use cases, acting in the name of the sender of a request.
    ///
    /// - Throws: `unauthenticated`.
    package func service(of context: HTTPContext) throws(ChatError) -> LocalChat {
        service(for: .user(of: try context.requireCredential()))
    }
}
