import ChatCore

extension Backend {
    /// An error of a name that no room or user has, with the nearest name that one has. Only names that the caller may list
    /// are looked at, and if they cannot be listed now, the error stays as it is.
    func namingNearest(_ error: ChatError) async -> ChatError {
        guard let nearest = await nearest(to: error.remedy) else { return error }
        return error.saying { "did you mean '\(nearest)'? \($0.commandWords)" }
    }

    private func nearest(to remedy: Remedy?) async -> String? {
        if case .listRooms(for: let name?) = remedy, let rooms = try? await service.rooms(RoomFilter()) {
            return Nearest.word(to: name.text, among: rooms.map(\.name.text))
        }
        if case .listUsers(for: let name?) = remedy, let users = try? await service.users() {
            return Nearest.word(to: name.text, among: users.map(\.username.text))
        }
        return nil
    }
}
