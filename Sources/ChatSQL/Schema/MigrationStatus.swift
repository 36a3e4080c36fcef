import ChatCore

/// A migration and when it was applied to a database; nil for a pending one.
package struct MigrationStatus: Sendable, Equatable {
    package let version: Int
    package let name: String
    package let appliedAt: Timestamp?
}
