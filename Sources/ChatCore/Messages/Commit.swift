/// How a transaction ended, as far as it is known when the call returns.
package enum Commit<Value: Sendable>: Sendable {
    /// It is durable.
    case done(Value)
    /// The database went away before it answered; the closure waits until it says what became of the transaction, and
    /// throws `unavailable` when nothing was stored.
    case unknown(@Sendable () async throws(ChatError) -> Value)

    /// The value, once the transaction is known to be durable.
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
