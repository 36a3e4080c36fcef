import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// Making an account of one's own: where sign-up is open, by invitation, and the first one of all.
struct SignUpPages: Sendable {
    let pages: Pages

    var routes: [Route] {
        [
            pages.open("/signup") { call, visitor in
                guard visitor == nil else { return .seeOther(LocalPath.chat) }
                guard pages.settings.signUp == .open else { throw Self.closed }
                return try show(call, code: nil)
            },
            pages.route(.post, "/signup") { call in try await signUp(call, code: nil) },
            pages.open("/join/{code}") { call, visitor in
                guard visitor == nil else { return .seeOther(LocalPath.chat) }
                let code = call.context.text("code")
                guard try await pages.chat.isValid(code: code) else {
                    throw ChatError.noInvitation
                }
                return try show(call, code: code)
            },
            pages.route(.post, "/join/{code}") { call in
                try await signUp(call, code: call.context.text("code"))
            },
        ]
    }

    private static var closed: ChatError {
        ChatError(.notAllowed, "sign-up is closed", hint: "ask an administrator for an invitation")
    }

    private func show(
        _ call: Call, code: String?, _ form: Form? = nil, error: ChatError? = nil
    ) throws(ChatError) -> Response {
        let token = try FormToken(call, pages)
        let values: PageValues = [
            "csrf": .text(token.csrf), "name": .text(form?.trimmed("username") ?? ""),
            "display": .text(form?.trimmed("display_name") ?? ""), "error": .text(error.map(PageWords.reason)),
            "action": .text(code.map { "/join/\(PercentCoding.encoded($0))" } ?? "/signup"),
            "isFirst": .flag(code.map { pages.chat.isFirstRun($0) } ?? false), "isInvited": .flag(code != nil),
            "least": .number(Int64(Limits.passwordBytes.lowerBound)),
        ]
        return token.set(on: try pages.page("signup", "Sign up", nil, values, status: error?.code.status ?? .ok))
    }

    private func signUp(_ call: Call, code: String?) async throws -> Response {
        let form: Form
        do {
            if code == nil, pages.settings.signUp == .closed { throw Self.closed }
            form = Form(try await call.form())
            try FormToken.check(call, form, pages)
        } catch let error as ChatError {
            return pages.errorPage(error, nil)
        }
        do throws(ChatError) {
            let display = form.trimmed("display_name")
            let new = try NewUser(
                username: Username(form.trimmed("username")), displayName: display.isEmpty ? nil : display, role: .user,
                password: form["password"])
            let (_, issued) = try await pages.chat.signUp(
                new, code: code, policy: pages.settings.signUp, from: pages.address(of: call))
            return pages.begin(issued, LocalPath.chat)
        } catch {
            pages.chat.report(.refused(error.code))
            if error.code == .notFound { return pages.errorPage(error, nil) }
            return try show(call, code: code, form, error: error)
        }
    }
}
