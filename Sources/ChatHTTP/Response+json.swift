import ChatCore
import ChatWire
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A JSON response whose document is written by `write`.
    package static func json(
        _ status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void
    ) -> Response {
        json(status, streamed: .init(byteBuffer: ByteBuffer(bytes: JSON.document(write))))
    }

    /// A JSON response whose document is written by its body.
    package static func json(_ status: HTTPResponse.Status = .ok, streamed body: ResponseBody) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: status, headers: headers, body: body)
    }

    /// An error response with its status, headers and error body.
    package static func error(_ error: ChatError) -> Response {
        let error = error.overHTTP
        var response = json(error.code.status) { $0.error(error) }
        if error.code == .unauthenticated { response.headers[.wwwAuthenticate] = "Bearer" }
        if let wait = error.retryAfter {
            response.headers[.retryAfter] = String(max(1, (wait.milliseconds + 999) / 1_000))
        }
        return response
    }

    package static var noContent: Response { Response(status: .noContent) }
}
