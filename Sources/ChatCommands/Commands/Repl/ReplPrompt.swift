import ChatCore

/// What stands before the line that is typed.
struct ReplPrompt: Sendable, Equatable {
    var user: Username?
    var room: RoomName?
    /// Messages in other joined rooms since they were last current.
    var unread: [RoomName: Int] = [:]

    /// More rooms than these are summed up.
    private static let mostRooms = 3

    /// `alice #general [plans:2 ops:1]> `
    var text: String {
        let place = [user?.text, room.map { "#\($0)" }].compactMap { $0 }.joined(separator: " ")
        return (place.isEmpty ? "chatctl" : place) + counts + "> "
    }

    private var counts: String {
        let rooms = unread.filter { $0.value > 0 && $0.key != room }.sorted { $0.key < $1.key }
        guard !rooms.isEmpty else { return "" }
        var parts = rooms.prefix(Self.mostRooms).map { "\($0.key):\(Self.count($0.value))" }
        let others = rooms.dropFirst(Self.mostRooms).reduce(0) { $0 + $1.value }
        if others > 0 { parts.append("+\(Self.count(others))") }
        return " [\(parts.joined(separator: " "))]"
    }

    private static func count(_ number: Int) -> String { number > 999 ? "999+" : String(number) }
}
