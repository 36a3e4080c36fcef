import ChatCore
import ChatWire
import HTTPTypes
import Hummingbird
import NIOCore

/// A request on its route: its query and the parameters of its path are read, its caller is known.
package struct Call: Sendable {
    package let request: Request
    package let context: HTTPContext
    package let query: Query

    /// Decodes the JSON body; an empty one counts as `{}`.
    ///
    /// - Throws: `tooLarge` beyond ``Limits/requestBytes``, `invalidJSON`, `invalidInput`.
    func shape<Shape: RequestShape>(_ shape: Shape.Type) async throws -> Shape {
        try shape.read(Array(buffer: try await request.wholeBody(context)))
    }

    /// One page of a list: at most `limit` items, and a link to the next page if there are more (RFC 8288).
    ///
    /// - Parameters:
    ///   - items: one more than `limit` if there are more.
    ///   - parameter: the query parameter that continues after an item.
    ///   - key: the value of that parameter.
    package func page<Item>(
        _ items: [Item], limit: Int, next parameter: String = "after", key: (Item) -> String,
        _ write: (inout JSONWriter, Item) -> Void
    ) -> Response {
        var response = Response.json { $0.array(items.prefix(limit), write) }
        if items.count > limit, limit > 0 {
            response.headers[.link] = link(parameter, key(items[limit - 1]))
        }
        return response
    }

    /// One page of a list whose pages go back in time, while each is in the order of time.
    ///
    /// - Parameter older: the value of the query parameter `before` of the next page; nil for the last one.
    package func page<Item>(
        _ items: [Item], before older: String?, _ write: (inout JSONWriter, Item) -> Void
    ) -> Response {
        var response = Response.json { $0.array(items, write) }
        if let older { response.headers[.link] = link("before", older) }
        return response
    }

    private func link(_ parameter: String, _ value: String) -> String {
        let others = query.names.filter { $0 != parameter }.map { ($0, query[$0] ?? "") }
        let text = (others + [(parameter, value)]).map {
            "\(PercentCoding.encoded($0.0))=\(PercentCoding.encoded($0.1))"
        }
        return "<\(request.uri.path)?\(text.joined(separator: "&"))>; rel=\"next\""
    }
}

extension HTTPField.Name {
    /// RFC 8288; the literal is a valid header name.
    package static var link: Self { .init("Link") ?? .cookie }

    /// The epoch of the room's log that an answer is about (docs/protocol.md, "HTTP").
    package static var roomEpoch: Self { .init("Room-Epoch") ?? .cookie }
}
