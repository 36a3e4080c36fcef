/// The closed list of what can go wrong, as clients and scripts see it.
///
/// The raw value is the stable `code` in error responses. Exit status, HTTP status and frame code are each an
/// exhaustive switch over this type, so the compiler rejects a new case that lacks a mapping.
package enum ErrorCode: String, Sendable, CaseIterable {
    case usage
    case invalidInput = "invalid_input"
    case invalidJSON = "invalid_json"
    case invalidFrame = "invalid_frame"
    case invalidBody = "invalid_body"
    case userNotFound = "user_not_found"
    case roomNotFound = "room_not_found"
    case messageNotFound = "message_not_found"
    case tokenNotFound = "token_not_found"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case alreadyExists = "already_exists"
    case clientIDReused = "client_id_reused"
    case unauthenticated
    case notAllowed = "not_allowed"
    case notAMember = "not_a_member"
    case notJoined = "not_joined"
    case banned
    case muted
    case archived
    case disabled
    case rateLimited = "rate_limited"
    case tooLarge = "too_large"
    case timedOut = "timed_out"
    case expectationFailed = "expectation_failed"
    case unavailable
    case configuration
    case interrupted
    case outputFailed = "output_failed"
    case fault = "internal"
}
