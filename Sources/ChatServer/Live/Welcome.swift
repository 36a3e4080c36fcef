import ChatCore

/// The result of a handshake: the authenticated user and, for a one-room connection, the admission to its room.
struct Welcome: Sendable {
    let credential: Credential
    let service: LocalChat
    let opening: JoinAdmission?
    /// `Chat.rightsRevision` before anything was judged.
    let revision: UInt64

    static func result(of request: UpgradeRequest, _ chat: Chat) async -> Result<Welcome, ChatError> {
        do throws(ChatError) {
            return .success(try await Welcome(request, chat))
        } catch {
            return .failure(error)
        }
    }

    /// - Throws: `unauthenticated`, `disabled`, `unavailable`; for a one-room connection also `roomNotFound`, `banned`,
    ///   `notAMember`.
    private init(_ request: UpgradeRequest, _ chat: Chat) async throws(ChatError) {
        guard let token = request.proof.token else {
            throw ChatError(.unauthenticated, "handshake: not logged in")
        }
        revision = chat.rightsRevision
        credential = try await chat.authenticate(token: token)
        service = chat.service(for: .user(of: credential))
        guard let text = request.onlyRoom else {
            opening = nil
            return
        }
        let name: RoomName
        do throws(ChatError) { name = try RoomName(text) } catch { throw ChatError(.roomNotFound, error.message) }
        opening = try await service.admit(JoinRequest(room: name))
    }
}
