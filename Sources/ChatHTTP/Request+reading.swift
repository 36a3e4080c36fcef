import ChatCore
import ChatWire
import Hummingbird
import NIOCore

extension Request {
    /// Decodes the JSON body; an empty one counts as `{}`.
    ///
    /// - Throws: `tooLarge` beyond ``Limits/requestBytes``, `invalidJSON`, `invalidInput`.
    package func shape<Shape: Decodable & Sendable>(_ shape: Shape.Type) async throws -> Shape {
        let buffer = try await wholeBody()
        return try ShapeCoder.decode(shape, from: buffer.readableBytes == 0 ? Array("{}".utf8) : Array(buffer: buffer))
    }

    /// The body, once it is here.
    ///
    /// - Throws: `tooLarge` beyond ``Limits/requestBytes``, `invalidInput` for a body that breaks off.
    func wholeBody() async throws -> ByteBuffer {
        do {
            return try await body.collect(upTo: Limits.requestBytes)
        } catch is NIOTooManyBytesError {
            throw ChatError(.tooLarge, "request: more than \(Limits.requestBytes) bytes")
        } catch {
            // Broken chunks, or the end of the connection.
            throw ChatError(.invalidInput, "request: its body cannot be read")
        }
    }

    /// The decoded value of a query parameter; nil if absent.
    package func query(_ name: String) -> String? {
        uri.queryParameters[Substring(name)].map(String.init)
    }

    /// A query parameter as a whole number; nil if absent.
    ///
    /// - Throws: `invalidInput` if it is not a number or out of `range`.
    package func number(_ name: String, in range: ClosedRange<Int64>) throws(ChatError) -> Int64? {
        guard let text = query(name) else { return nil }
        guard let value = Int64(text), range.contains(value) else {
            let why = "Use a number from \(range.lowerBound) to \(range.upperBound)."
            throw ChatError(.invalidInput, "\(name): not a number in range", fields: [name: [why]])
        }
        return value
    }
}
