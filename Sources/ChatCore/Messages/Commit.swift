/// The outcome of a transaction, as far as it is known when the call returns.
package enum Commit<Value: Sendable>: Sendable {
    /// The transaction is durable.
    case done(Value)
    /// The connection broke before the database answered. The closure waits until the outcome is known, and throws
    /// `unavailable` if nothing was stored.
    case unknown(@Sendable () async throws(ChatError) -> Value)

    /// Waits until the transaction is known to be durable and returns its value.
    ///
    /// - Throws: `unavailable` if nothing was stored.
    package func settled() async throws(ChatError) -> Value {
        switch self {
        case .done(let value): value
        case .unknown(let resolve): try await resolve()
        }
    }

    package func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> Commit<Other> {
        switch self {
        case .done(let value): .done(transform(value))
        case .unknown(let resolve): .unknown { () throws(ChatError) in transform(try await resolve()) }
        }
    }
}
