import ChatHTTP
import ChatWire
import Hummingbird
import NIOCore

/// The route of the document that describes the routes.
enum DocumentRoute {
    /// - Parameter document: the bytes of `openapi.json`, which describe this route too.
    static func route(of document: [UInt8]) -> Route {
        Route(
            .get, "/api/v1/openapi.json", "Describes this API (OpenAPI 3.1)", access: .anyone,
            answers: [.ok("The document.", .document)]
        ) { _ in
            Response.json(streamed: ResponseBody(byteBuffer: ByteBuffer(bytes: document)))
        }
    }
}
