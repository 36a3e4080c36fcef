import ChatCore
import ChatWire
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// What ends an exchange, besides errors that the network reports.
enum NetFault: Error, Equatable {
    case closed
    case timedOut
    case tooLarge(limit: Int)
    case notWebSocket
    /// More informational answers than a server has reason to send, and no final one.
    case onlyInformational
}

extension ServerAddress {
    /// The error of an unsuccessful answer: the server's own, or one by status where the body has none.
    ///
    /// - Parameter target: of the request; it says which room or user was not found.
    func refusal(status: Int, body: [UInt8], target: String = "") -> ChatError {
        let refusal = refusal(status: status)
        guard let shape = try? ShapeCoder.decode(ErrorShape.self, from: body) else { return refusal }
        return shape.error(unknown: refusal.code).helped(after: target)
    }

    private func refusal(status: Int) -> ChatError {
        let message = "server \(self): answered with status \(status)"
        switch status {
        case 300..<400: return ChatError(.configuration, message, hint: "use the address it redirects to")
        case 401: return ChatError(.unauthenticated, message, remedy: .logIn)
        case 403: return ChatError(.notAllowed, message)
        case 404: return ChatError(.notFound, message, hint: "is this the address of a chatctl server?")
        case 405: return ChatError(.methodNotAllowed, message, hint: "is the server of another version?")
        case 409: return ChatError(.alreadyExists, message)
        case 413: return ChatError(.tooLarge, message)
        case 429: return ChatError(.rateLimited, message, hint: "wait a moment and try again")
        case 400..<500: return ChatError(.invalidInput, message)
        case 502...504: return ChatError(.unavailable, message, hint: "try again")
        default: return ChatError(.fault, message)
        }
    }

    /// An answer that is a success, but not in a shape of a chatctl server.
    var strangeAnswer: ChatError {
        ChatError(
            .configuration, "server \(self): the answer is not a chatctl server's",
            remedy: .checkServerAddress)
    }

    /// A network error as the user sees it.
    func fault(_ error: any Error) -> ChatError {
        switch error {
        case let error as ChatError: return error
        case is CancellationError: return .wrapping(error)
        case let error as NetFault: return fault(error)
        case let error as NIOConnectionError: return fault(connecting: error)
        case let error as IOError: return unreachable(Self.text(of: error))
        case ChannelError.connectTimeout: return unreachable("no answer within 5 seconds")
        case is ChannelError: return unreachable("connection lost")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: return insecure(Self.tlsReason("\(error)"))
        default: return unreachable("\(error)")
        }
    }

    private func fault(_ error: NetFault) -> ChatError {
        switch error {
        case .closed: unreachable("connection lost before the answer came")
        case .timedOut: ChatError(.timedOut, "server \(self): no answer in time", hint: "try again")
        case .tooLarge(let limit):
            ChatError(.tooLarge, "server \(self): the answer is larger than \(limit) bytes")
        case .notWebSocket, .onlyInformational: strangeAnswer
        }
    }

    private func fault(connecting error: NIOConnectionError) -> ChatError {
        if let first = error.connectionErrors.first { return fault(first.error) }
        return ChatError(
            .unavailable, "server \(self): unknown host", remedy: .checkServerAddress)
    }

    private func unreachable(_ why: String) -> ChatError {
        ChatError(.unavailable, "server \(self): \(why)", remedy: .startServer)
    }

    private func insecure(_ why: String) -> ChatError {
        ChatError(
            .unavailable, "server \(self): no secure connection: \(why)",
            hint: "check its certificate; SSL_CERT_FILE names a file with more trusted roots")
    }

    /// BoringSSL's reason, such as `CERTIFICATE_VERIFY_FAILED`, for people to read; no decision depends on it.
    private static func tlsReason(_ text: String) -> String {
        let mark = "OPENSSL_internal:"
        guard let range = text.firstRange(of: mark) else { return text }
        return text[range.upperBound...].prefix { $0 != " " }.lowercased().split(separator: "_").joined(separator: " ")
    }

    private static func text(of error: IOError) -> String {
        guard let text = strerror(error.errnoCode) else { return "error \(error.errnoCode)" }
        return String(cString: text).lowercased()
    }
}

extension ChatError {
    /// A server's error with what helps a user of this client: the hints of a server speak of its requests.
    fileprivate func helped(after target: String) -> ChatError {
        guard hint != nil else { return self }
        return switch code {
        case .roomNotFound: with(.listRooms(for: Target.room(in: target)))
        case .userNotFound: with(.listUsers(for: Target.user(in: target)))
        case .unauthenticated: with(.logIn)
        case .notAllowed, .tokenNotFound: with(nil)
        case .usage, .invalidInput, .invalidJSON, .invalidFrame, .invalidBody, .messageNotFound, .notFound,
            .methodNotAllowed,
            .alreadyExists, .clientIDReused, .notAMember, .notJoined, .banned, .muted, .archived, .disabled,
            .rateLimited, .tooLarge,
            .timedOut, .expectationFailed, .outputFailed, .unavailable, .configuration, .interrupted, .fault:
            self
        }
    }

    private func with(_ remedy: Remedy?) -> ChatError {
        ChatError(code, message, remedy: remedy, retryAfter: retryAfter, fields: fields)
    }
}
