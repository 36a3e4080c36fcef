import ChatCore

/// Who a handshake belongs to, and what the database said of the room of the one-room form.
struct Welcome: Sendable {
    let credential: Credential
    let service: LocalChat
    let opening: JoinAdmission?

    static func result(of request: UpgradeRequest, _ chat: Chat) async -> Result<Welcome, ChatError> {
        do throws(ChatError) {
            return .success(try await Welcome(request, chat))
        } catch {
            return .failure(error)
        }
    }

    /// - Throws: `unauthenticated`, `disabled`, and for the one-room form what reading the room demands.
    private init(_ request: UpgradeRequest, _ chat: Chat) async throws(ChatError) {
        guard let token = request.proof.token else {
            throw ChatError(.unauthenticated, "handshake: not logged in")
        }
        credential = try await chat.authenticate(token: token)
        service = chat.service(for: .user(credential.user, tokenID: credential.tokenID))
        guard let text = request.onlyRoom else {
            opening = nil
            return
        }
        let name: RoomName
        do throws(ChatError) { name = try RoomName(text) } catch { throw ChatError(.roomNotFound, error.message) }
        opening = try await service.admit(JoinRequest(room: name))
    }
}
