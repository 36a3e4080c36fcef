import ChatCore
import HTTPTypes

extension ErrorCode {
    /// The HTTP status of each code (docs/protocol.md, "Error responses").
    package var status: HTTPResponse.Status {
        switch self {
        case .usage, .invalidInput, .invalidJSON, .invalidFrame, .invalidBody: .badRequest
        case .unauthenticated: .unauthorized
        case .notAllowed, .notAMember, .notJoined, .banned, .muted, .disabled: .forbidden
        case .userNotFound, .roomNotFound, .messageNotFound, .tokenNotFound, .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .alreadyExists, .clientIDReused, .archived: .conflict
        case .tooLarge: .contentTooLarge
        case .rateLimited: .tooManyRequests
        case .timedOut: .requestTimeout
        case .unavailable: .serviceUnavailable
        case .expectationFailed, .configuration, .interrupted, .outputFailed, .fault: .internalServerError
        }
    }
}
