import ChatCore
import ChatHTTP
import HTTPTypes

/// An error in words for people who see pages and no commands.
struct PageWords: Sendable {
    let heading: String
    let message: String
    let hint: String?
    let status: HTTPResponse.Status

    init(_ error: ChatError) {
        let error = error.outward
        status = error.code.status
        (heading, hint) = Self.words(error)
        message = Self.sentence(error.message)
    }

    /// What went wrong with a form: the reasons of its fields, or the whole.
    static func reason(_ error: ChatError) -> String {
        let reasons = error.fields.sorted { $0.key < $1.key }.flatMap(\.value)
        let hint = error.outward.hint.map { " " + sentence($0) } ?? ""
        return reasons.isEmpty ? sentence(error.outward.message) + hint : reasons.joined(separator: " ")
    }

    /// `what: why` as a sentence.
    private static func sentence(_ text: String) -> String {
        guard let first = text.first else { return "" }
        let end = ".!?".contains(text.last ?? ".") ? "" : "."
        return first.uppercased() + text.dropFirst() + end
    }

    private static func words(_ error: ChatError) -> (heading: String, hint: String?) {
        switch error.code {
        case .userNotFound: ("There is nobody of that name", nil)
        case .roomNotFound: ("There is no such room", "It may have been renamed or deleted.")
        case .messageNotFound, .tokenNotFound, .notFound: ("There is nothing here", error.hint.map(sentence))
        case .unauthenticated: ("You are not logged in", nil)
        case .notAllowed, .notAMember, .notJoined: ("You may not see this", nil)
        case .banned: ("You are banned from this room", nil)
        case .muted, .archived: ("Nothing can be posted here", nil)
        case .disabled: ("This account is disabled", nil)
        case .rateLimited: ("That was too fast", "Wait a moment and try again.")
        case .tooLarge: ("That is too large", nil)
        case .alreadyExists, .clientIDReused: ("That exists already", nil)
        case .unavailable, .timedOut: ("This does not work right now", "Try again in a moment. Nothing was stored.")
        case .usage, .invalidInput, .invalidJSON, .invalidFrame, .invalidBody, .methodNotAllowed:
            ("This request cannot be answered", error.hint.map(sentence))
        case .expectationFailed, .configuration, .interrupted, .outputFailed, .fault:
            ("Something went wrong", "It was not your fault. Try again.")
        }
    }
}
