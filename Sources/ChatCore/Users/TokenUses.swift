/// Gathers when tokens were used, so that 10,000 connections at once cost one write instead of 10,000.
package struct TokenUses: Sendable {
    /// Uses of further tokens are dropped until the next write; their next use makes up for it.
    private static let most = 100_000

    private var uses: [Int64: Timestamp] = [:]

    package init() {}

    package mutating func note(_ token: Int64, at moment: Timestamp) {
        if uses.count < Self.most || uses[token] != nil { uses[token] = moment }
    }

    /// Returns and clears what was gathered since the last call.
    package mutating func takeAll() -> [Int64: Timestamp] {
        defer { uses = [:] }
        return uses
    }
}
