/// Signals as events, for commands that have something to finish before they end.
package struct Signals: Sendable {
    private let open: @Sendable ([Int32]) -> AsyncStream<Void>

    /// - Parameter open: gives an event for each arrival of one of the signals, and keeps them from ending the process.
    package init(_ open: @escaping @Sendable ([Int32]) -> AsyncStream<Void>) {
        self.open = open
    }

    /// The arrivals of any of `signals`, from this call on until the consumer stops.
    func stream(of signals: [Int32]) -> AsyncStream<Void> { open(signals) }
}
