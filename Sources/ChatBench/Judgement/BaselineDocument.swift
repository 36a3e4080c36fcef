import ChatCore
import FoundationEssentials

/// The fields of `bench --json` that a baseline uses, under their names there; others are ignored.
struct BaselineDocument: Decodable, Sendable {
    let scenario: String
    let clients: Int
    let publishers: Int
    let payload_bytes: Int
    let window: Double?
    let rate: Double?
    let messages: Double?
    let deliveries: Double?
    let generator_cpu_seconds: Double?
    let deliveries_per_second: Double?
    let messages_per_second: Double?
    let connects_per_second: Double?
    let latency_us: Percentiles?
    let last_us: Percentiles?
    let server: Server?
    let cpu_us_per_delivery: Double?
    let cpu_us_per_message: Double?
    let missing: Double?
    let duplicates: Double?
    let out_of_order: Double?

    /// Two points of a latency's distribution.
    struct Percentiles: Decodable, Sendable {
        let p50: Double?
        let p99: Double?
    }

    /// What the server used.
    struct Server: Decodable, Sendable {
        let rss_bytes_per_connection: Double?
    }

    /// Generator CPU per delivery, or per page or connection where there are none, in microseconds.
    var generatorCPUPerUnit: Double? {
        BenchResult.cpuPerUnit(generator_cpu_seconds, deliveries: deliveries, messages: messages, clients: clients)
    }

    /// - Throws: `invalidInput` with the field that is at fault.
    static func read(_ json: [UInt8]) throws(ChatError) -> BaselineDocument {
        do {
            return try JSONDecoder().decode(BaselineDocument.self, from: Data(json))
        } catch {
            throw ChatError(
                .invalidInput,
                "baseline: not the output of 'bench --json': \((error as? DecodingError).map(reason) ?? "it is not JSON")",
                hint: "make one with 'chatctl bench … --json > FILE'")
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "it has no \(key.stringValue)"
        case .valueNotFound(_, let context): "\(place(context)) is null"
        case .typeMismatch(_, let context): "\(place(context)) has the wrong type"
        case .dataCorrupted(let context):
            // The decoder gives no path for a number that does not fit into an Int.
            context.codingPath.isEmpty
                ? "it is not JSON, or a number is out of range" : "\(place(context)) is not a valid value"
        @unknown default: "it is not JSON"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        context.codingPath.isEmpty ? "the document" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
}
