import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// One's own account: what others see of it, the password, sessions and tokens, and its end.
struct ProfilePages: Sendable {
    let pages: Pages

    var routes: [Route] {
        [
            pages.page("/profile") { _, visitor in try await show(visitor) },
            pages.page("/profile/edit") { _, visitor in try edit(visitor) },
            pages.form("/profile/edit", change),
            pages.upload("/profile/picture", upTo: Limits.avatarBytes, changePicture),
            pages.form("/profile/password", changePassword),
            pages.form("/profile/tokens", makeToken),
            pages.form("/profile/tokens/{id}/revoke") { call, visitor, _ in
                let id = try call.context.number("id")
                try await pages.service(visitor).revokeToken(id, of: visitor.user.username)
                return .seeOther(id == visitor.credential.tokenID ? "/login" : "/profile")
            },
            pages.page("/profile/delete") { _, visitor in try confirmDeletion(visitor) },
            pages.form("/profile/delete", delete),
        ]
    }

    // MARK: The account

    private func show(_ visitor: Visitor, error: ChatError? = nil, done: String? = nil) async throws -> Response {
        let user = visitor.user
        let tokens = try await pages.service(visitor).tokens(of: user.username).reversed()
        let shown = { (kind: TokenKind) in tokens.filter { $0.kind == kind }.map { self.shown($0, visitor) } }
        let values: PageValues = [
            "bio": .filled(user.bio), "avatar": .text(PersonPages.avatar(of: user.username)),
            "sessions": .list(shown(.session)), "tokens": .list(shown(.access)),
            "error": .text(error.map(PageWords.reason)), "done": .text(done),
            "least": .number(Int64(Limits.passwordBytes.lowerBound)),
            "labelLength": .number(Int64(Limits.labelCharacters)),
        ]
        return try pages.page("profile", "Your account", visitor, values, status: error?.code.status ?? .ok)
    }

    private func shown(_ token: Token, _ visitor: Visitor) -> PageValues {
        [
            "id": .number(token.id), "label": .text(token.label.isEmpty ? "without a name" : token.label),
            "isThis": .flag(token.id == visitor.credential.tokenID),
            "made": .text(PageTime.minute(token.createdAt)),
            "used": .text(PageTime.minute(token.lastUsedAt, orNot: "never")),
            "ends": .text(PageTime.minute(token.expiresAt, orNot: "never")),
        ]
    }

    // MARK: What others see

    private func edit(_ visitor: Visitor, _ form: Form? = nil, error: ChatError? = nil) throws(ChatError) -> Response {
        let values: PageValues = [
            "display": .text(form?.trimmed("display_name") ?? visitor.user.displayName),
            "bio": .text(form?.lines("bio") ?? visitor.user.bio), "error": .text(error.map(PageWords.reason)),
            "avatar": .text(PersonPages.avatar(of: visitor.user.username)),
            "displayLength": .number(Int64(Limits.displayNameCharacters)),
            "bioLength": .number(Int64(Limits.bioCharacters)),
        ]
        return try pages.page("edit", "Edit your profile", visitor, values, status: error?.code.status ?? .ok)
    }

    @Sendable private func change(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        do throws(ChatError) {
            let display = form.trimmed("display_name")
            let change = try UserChange(
                displayName: display.isEmpty ? visitor.user.username.text : display, bio: form.lines("bio"))
            _ = try await pages.service(visitor).updateUser(visitor.user.username, change)
            return .seeOther("/@\(visitor.user.username)")
        } catch {
            return try edit(visitor, form, error: error)
        }
    }

    @Sendable private func changePicture(_ visitor: Visitor, _ form: MultipartForm) async throws -> Response {
        do throws(ChatError) {
            let bytes = form.file("picture")
            let isRemoved = form["act"] == "remove"
            if bytes.isEmpty, !isRemoved { throw ChatError(.invalidInput, "choose a picture first") }
            try await pages.service(visitor).setOwnAvatar(isRemoved ? nil : Avatar(bytes))
            return .seeOther("/profile")
        } catch {
            return try edit(visitor, error: error)
        }
    }

    // MARK: Password and tokens

    @Sendable private func changePassword(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        do throws(ChatError) {
            let issued = try await pages.service(visitor).changeOwnPassword(
                from: form["present"], to: form["new"], address: pages.address(of: call))
            return pages.begin(issued, "/profile")
        } catch {
            return try await show(visitor, error: error.aboutPassword)
        }
    }

    @Sendable private func makeToken(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        do {
            let days = Int64(form.trimmed("days"))
            if days == nil, !form.trimmed("days").isEmpty {
                throw ChatError(.invalidInput, "the number of days is not a number")
            }
            let life = try days.map { days throws(ChatError) in
                guard (1...3_653).contains(days) else {
                    throw ChatError(.invalidInput, "a token can live from 1 day to 10 years")
                }
                return Duration.seconds(days * 86_400)
            }
            let issued = try await pages.service(visitor).createToken(
                for: visitor.user.username, label: form.trimmed("label"), life: life)
            return try pages.page(
                "token", "A new token", visitor,
                [
                    "secret": .text(issued.secret), "label": .filled(issued.token.label),
                    "ends": .text(PageTime.minute(issued.token.expiresAt, orNot: "never")),
                ])
        } catch let error as ChatError {
            return try await show(visitor, error: error)
        }
    }

    // MARK: The end

    private func confirmDeletion(_ visitor: Visitor, error: ChatError? = nil) throws(ChatError) -> Response {
        try pages.page(
            "delete", "Delete your account", visitor, ["error": .text(error.map(PageWords.reason))],
            status: error?.code.status ?? .ok)
    }

    @Sendable private func delete(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        do throws(ChatError) {
            try await pages.service(visitor).deleteOwnAccount(
                password: form["password"], from: pages.address(of: call))
            var response = Response.seeOther("/")
            response.headers[.setCookie] = pages.cookie.header("", seconds: 0)
            return response
        } catch {
            return try confirmDeletion(visitor, error: error.aboutPassword)
        }
    }
}

extension ChatError {
    /// A wrong password of somebody who is logged in, as a fault of the form.
    fileprivate var aboutPassword: ChatError {
        guard code == .unauthenticated else { return self }
        return ChatError(.notAllowed, "the present password is wrong")
    }
}
