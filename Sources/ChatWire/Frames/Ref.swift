/// A client's correlation id for a request: a JSON string, number or null that the answer repeats byte by byte.
package struct Ref: Sendable, Equatable {
    /// The maximum length of a `ref` in bytes of JSON; bounded because it is kept while the request is in flight.
    static let longest = 128

    let json: [UInt8]

    /// - Parameter json: a JSON string, number or null.
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
