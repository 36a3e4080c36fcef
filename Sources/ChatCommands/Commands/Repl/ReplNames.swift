import ChatCore
import Synchronization

/// The names that Tab completes: asked for in the background, so that a key never waits for a server.
final class ReplNames: Sendable {
    /// More names than a person could choose from are not kept.
    private static let most = 10_000

    private struct State {
        var rooms: Set<String> = []
        var users: Set<String> = []
    }

    private let state = Mutex(State())

    var rooms: [String] { state.withLock { $0.rooms.sorted() } }
    var users: [String] { state.withLock { $0.users.sorted() } }

    func add(room: RoomName) { state.withLock { if $0.rooms.count < Self.most { $0.rooms.insert(room.text) } } }

    func add(user: Username) { state.withLock { if $0.users.count < Self.most { $0.users.insert(user.text) } } }

    /// Asks for all names that the service lists. What cannot be listed stays as it was.
    func refresh(from service: any ChatService & FollowService) async {
        if let rooms = try? await service.rooms(RoomFilter(page: ListPage(most: Self.most))) {
            state.withLock { $0.rooms = Set(rooms.map(\.name.text)) }
        }
        if let users = try? await service.users(ListPage(most: Self.most)) {
            state.withLock { $0.users = Set(users.map(\.username.text)) }
        }
    }
}
