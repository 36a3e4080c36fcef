/// How many live connections each user holds on this node.
package struct ConnectionCounts: Sendable {
    private var counts: [UserID: Int] = [:]
    package private(set) var total = 0

    package init() {}

    /// Counts a new connection.
    ///
    /// - Throws: `rateLimited` when a user who is not an administrator already holds ``Limits/connectionsPerUser``.
    package mutating func open(by user: User) throws(ChatError) {
        guard user.isAdmin || counts[user.id, default: 0] < Limits.connectionsPerUser else {
            throw ChatError(
                .rateLimited, "connections: user \(user.username) holds \(Limits.connectionsPerUser) already",
                retryAfter: .seconds(1))
        }
        counts[user.id, default: 0] += 1
        total += 1
    }

    package mutating func close(of user: UserID) {
        guard let count = counts[user] else { return }
        counts[user] = count > 1 ? count - 1 : nil
        total -= 1
    }
}
