import ChatCore
import Hummingbird
import NIOCore

/// The context of one HTTP request.
package struct HTTPContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The IP address of the peer.
    package let remoteAddress: String
    /// The authenticated caller; set by ``Authentication``.
    package var credential: Credential?
    /// The parameters of the path; set by ``HTTPRouter``.
    var path: [String: String] = [:]
    private let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
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

    /// Tells a client that waits with its body to send it (RFC 9110 §10.1.1).
    func invite() { channel.triggerUserOutboundEvent(BodyIsWanted(), promise: nil) }

    // MARK: Parameters of the path

    /// The path parameter `room`.
    ///
    /// - Throws: `roomNotFound` for text that is not a valid room name.
    package func roomName() throws(ChatError) -> RoomName {
        do throws(ChatError) { return try RoomName(path["room"] ?? "") } catch {
            throw ChatError(.roomNotFound, error.message)
        }
    }

    /// The path parameter `user`.
    ///
    /// - Throws: `userNotFound` for text that is not a valid username.
    package func username() throws(ChatError) -> Username {
        do throws(ChatError) { return try Username(path["user"] ?? "") } catch {
            throw ChatError(.userNotFound, error.message)
        }
    }

    /// A path parameter as it was sent, decoded; empty for one that the path does not have.
    package func text(_ name: String) -> String { path[name] ?? "" }

    /// A path parameter as a number.
    ///
    /// - Throws: `notFound` if it is not a number.
    package func number(_ name: String) throws(ChatError) -> Int64 {
        guard let value = path[name].flatMap(Int64.init) else {
            throw ChatError(.notFound, "\(name): not a number")
        }
        return value
    }
}

/// An outbound event: the body of the request that is being answered will be read.
package struct BodyIsWanted: Sendable {
    package init() {}
}

extension Chat {
    /// The use cases, acting in the name of the sender of a request.
    ///
    /// - Throws: `unauthenticated`.
    package func service(of context: HTTPContext) throws(ChatError) -> LocalChat {
        service(for: .user(of: try context.requireCredential()))
    }
}
