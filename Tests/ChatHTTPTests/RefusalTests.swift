import ChatCore
import HTTPTypes
import Hummingbird
import Testing

@testable import ChatHTTP

/// How errors leave over HTTP.
@Suite struct RefusalTests {
    @Test(
        arguments: [
            (.usage, 400), (.invalidInput, 400), (.invalidJSON, 400), (.invalidFrame, 400), (.invalidBody, 400),
            (.unauthenticated, 401), (.notAllowed, 403), (.notAMember, 403), (.notJoined, 403), (.banned, 403),
            (.muted, 403), (.disabled, 403), (.userNotFound, 404), (.roomNotFound, 404), (.messageNotFound, 404),
            (.tokenNotFound, 404), (.methodNotAllowed, 405), (.notFound, 404), (.alreadyExists, 409), (.archived, 409),
            (.tooLarge, 413),
            (.rateLimited, 429), (.unavailable, 503), (.timedOut, 408), (.clientIDReused, 409),
            (.expectationFailed, 500),
            (.configuration, 500), (.interrupted, 500), (.fault, 500),
        ] as [(ErrorCode, Int)])
    func `each code has its status`(code: ErrorCode, status: Int) {
        #expect(code.status.code == status)
        #expect(Response.error(ChatError(code, "x")).status.code == status)
    }

    @Test(arguments: [ErrorCode.unavailable, .configuration, .fault])
    func `a part that is out is 503, whatever is wrong with it`(code: ErrorCode) {
        let error = ChatError(code, "database secret.db: secret").of(.database)
        #expect(Response.error(error).status == .serviceUnavailable)
        #expect(error.overHTTP.code == .unavailable && !error.overHTTP.message.contains("secret"))
    }

    @Test func `401 says how to prove who asks`() {
        #expect(Response.error(ChatError(.unauthenticated, "x")).headers[.wwwAuthenticate] == "Bearer")
        #expect(Response.error(ChatError(.notAllowed, "x")).headers[.wwwAuthenticate] == nil)
    }

    @Test(arguments: [(1, "1"), (999, "1"), (1_000, "1"), (1_001, "2"), (60_000, "60")])
    func `429 says when to come again, in whole seconds`(milliseconds: Int, header: String) {
        let error = ChatError(.rateLimited, "x", retryAfter: .milliseconds(milliseconds))
        #expect(Response.error(error).headers[.retryAfter] == header)
    }

    @Test func `answers are not kept and not guessed at`() {
        let headers = Response.json { $0.object { _ in } }.headers
        #expect(headers[.contentType] == "application/json")
        #expect(headers[.cacheControl] == "no-store")
        #expect(headers[.xContentTypeOptions] == "nosniff")
    }

    // MARK: Hints

    @Test func `a hint over HTTP speaks of requests, never of commands`() {
        let remedies: [Remedy] = [
            .listRooms(for: nil), .listUsers(for: nil), .listTokens(of: Username(stored: "alice")), .nameSpeaker,
            .logIn, .migrate,
            .nameDatabase, .appointOwner(of: RoomName(stored: "plans")), .checkServerAddress, .startServer,
            .choosePort, .nameCertificate, .allowOrigin,
        ]
        for remedy in remedies {
            let hint = ChatError(.invalidInput, "x", remedy: remedy).overHTTP.hint ?? ""
            #expect(!hint.contains("chatctl"), "\(remedy)")
            #expect(!hint.contains("--"), "\(remedy)")
        }
        #expect(
            ChatError(.roomNotFound, "x", remedy: .listRooms(for: nil)).overHTTP.hint
                == "GET /api/v1/rooms lists the rooms")
    }

    @Test func `a hint of the core's own goes out as it is`() {
        #expect(ChatError(.invalidInput, "x", hint: "use a-z").overHTTP.hint == "use a-z")
    }

    @Test func `where the parts of an installation stand is not told`() {
        let error = ChatError(.unavailable, "database postgres on 10.0.0.1: gone", remedy: .migrate).of(.database)
        #expect(error.overHTTP.message == "database: it cannot be used now")
        #expect(error.overHTTP.hint == "try again")
    }
}
