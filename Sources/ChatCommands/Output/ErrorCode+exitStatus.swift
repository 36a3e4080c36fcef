import ChatCore

extension ErrorCode {
    /// The exit status of each code, after sysexits.h.
    package var exitStatus: Int32 {
        switch self {
        case .expectationFailed: 1
        case .usage: 64
        case .invalidInput, .invalidJSON, .invalidFrame, .invalidBody, .clientIDReused, .tooLarge: 65
        case .userNotFound, .roomNotFound, .messageNotFound, .tokenNotFound, .notFound: 66
        case .unavailable: 69
        case .fault: 70
        case .alreadyExists: 73
        case .outputFailed: 74
        case .timedOut, .rateLimited: 75
        case .unauthenticated, .notAllowed, .notAMember, .notJoined, .banned, .muted, .archived, .disabled: 77
        case .configuration, .methodNotAllowed: 78
        case .interrupted: 130
        }
    }
}
