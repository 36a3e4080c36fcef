import ChatCore
import ChatWire

extension RemoteChat {
    /// How often a room may be renamed while a page of its log is read.
    private static let mostTries = 5

    package func log(of room: RoomName) async throws(ChatError) -> RoomLog {
        let answer = try await answer(.GET, Target.api("rooms", room.text), nil)
        let shown = try decode(RoomShape.self, from: answer).room
        guard let epoch = answer.epoch else { throw address.strangeAnswer }
        return RoomLog(name: shown.name, epoch: epoch, lastSeq: shown.lastSeq)
    }

    /// Nil when there is no such room, or it may not be read.
    func logIfReadable(of room: RoomName) async throws(ChatError) -> RoomLog? {
        do throws(ChatError) {
            return try await log(of: room)
        } catch  where [.roomNotFound, .banned, .notAMember].contains(error.code) {
            return nil
        }
    }

    package func log(epoch: String) async throws(ChatError) -> RoomLog? {
        try await fetch([RoomShape].self, .GET, Target.api("rooms", query: [("epoch", epoch)])).first
            .map { RoomLog(name: $0.room.name, epoch: epoch, lastSeq: $0.room.lastSeq) }
    }

    package func messages(
        of log: RoomLog, _ range: MessageRange, limit: Int
    ) async throws(ChatError) -> [Message] {
        var name = log.name
        return try await pages(range, limit: limit) { range, limit throws(ChatError) in
            for _ in 0..<Self.mostTries {
                if let page = try await self.page(of: name, range, limit: limit, epoch: log.epoch) { return page }
                guard let found = try await self.log(epoch: log.epoch) else { throw .noRoom(log.name) }
                name = found.name
            }
            throw ChatError(.unavailable, "room \(log.name): its name changes too often", hint: "try again")
        }
    }

    /// Nil when the name is no longer that of the room whose log has this epoch.
    private func page(
        of room: RoomName, _ range: MessageRange, limit: Int, epoch: String
    ) async throws(ChatError) -> [Message]? {
        let answer: HTTPAnswer
        do throws(ChatError) {
            answer = try await self.answer(.GET, Self.target(of: room, range, limit: limit), nil)
        } catch {
            switch error.code {
            // Perhaps said of another room, which has the name by now.
            case .roomNotFound: return nil
            case .banned, .notAMember: if try await log(epoch: epoch) == nil { throw error } else { return nil }
            default: throw error
            }
        }
        guard answer.epoch == epoch else { return nil }
        return try decode([MessageShape].self, from: answer).map(\.message)
    }
}
