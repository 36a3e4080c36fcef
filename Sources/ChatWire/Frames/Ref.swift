/// A client's name for its request: a JSON string, number or null that the answer repeats byte by byte.
package struct Ref: Sendable, Equatable {
    /// The longest `ref` in bytes as written; bounded because it is kept while the request is in flight.
    static let longest = 128

    let json: [UInt8]

    /// - Parameter json: a JSON value of the kinds a `ref` may have.
    init(json: some Sequence<UInt8>) {
        self.json = Array(json)
    }

    package static func text(_ text: String) -> Ref {
        Ref(json: JSON.document { $0.value(text) })
    }

    package static func number(_ number: Int64) -> Ref {
        Ref(json: JSON.document { $0.value(number) })
    }
}
