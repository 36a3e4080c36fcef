import ChatCore
import FoundationEssentials

/// Encodes and decodes Codable shapes, and converts coding errors to `ChatError`.
package enum ShapeCoder {
    package static func encode(_ shape: some Encodable) throws(ChatError) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(shape))
        } catch {
            throw .wrapping(error)
        }
    }

    /// - Throws: `invalidJSON` for text that is not JSON, otherwise `invalidInput` with the name of the field.
    package static func decode<Shape: Decodable>(_ shape: Shape.Type, from bytes: [UInt8]) throws(ChatError) -> Shape {
        do {
            return try JSONDecoder().decode(shape, from: Data(bytes))
        } catch let error as ChatError {
            throw error
        } catch let error as DecodingError {
            throw refusal(of: error)
        } catch {
            throw ChatError(.invalidJSON, "request: not JSON")
        }
    }

    private static func refusal(of error: DecodingError) -> ChatError {
        switch error {
        case .keyNotFound(let key, _): field(key.stringValue, "This field is required.")
        case .valueNotFound(_, let context): field(at: context.codingPath, "This field may not be null.")
        case .typeMismatch(_, let context): field(at: context.codingPath, "Not of the right type.")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            field(at: context.codingPath, "Not a valid value.")
        case .dataCorrupted: ChatError(.invalidJSON, "request: not JSON")
        @unknown default: ChatError(.invalidJSON, "request: not JSON")
        }
    }

    /// An error of the innermost named field.
    private static func field(at path: [any CodingKey], _ why: String) -> ChatError {
        guard let name = path.last(where: { $0.intValue == nil })?.stringValue else {
            return ChatError(.invalidInput, "request: not of the right shape")
        }
        return field(name, why)
    }

    private static func field(_ name: String, _ why: String) -> ChatError {
        ChatError(.invalidInput, "\(name): \(why)", fields: [name: [why]])
    }
}
