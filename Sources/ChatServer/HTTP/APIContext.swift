import ChatCore
import ChatWire
import HTTPTypes
import Hummingbird
import NIOCore

/// What one HTTP request knows.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: String
    /// Who asks; set by ``Authentication``.
    var credential: Credential?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }

    /// - Throws: `unauthenticated` without a credential.
    func requireCredential() throws(ChatError) -> Credential {
        guard let credential else {
            throw ChatError(
                .unauthenticated, "request: not logged in", hint: "send 'Authorization: Bearer TOKEN' or the cookie")
        }
        return credential
    }

    func roomName() throws(ChatError) -> RoomName {
        do throws(ChatError) { return try RoomName(parameters.get("room") ?? "") } catch {
            throw ChatError(.roomNotFound, error.message)
        }
    }

    func username() throws(ChatError) -> Username {
        do throws(ChatError) { return try Username(parameters.get("user") ?? "") } catch {
            throw ChatError(.userNotFound, error.message)
        }
    }

    func number(_ name: String) throws(ChatError) -> Int64 {
        guard let value = parameters.get(name, as: Int64.self) else {
            throw ChatError(.notFound, "\(name): not a number")
        }
        return value
    }
}

extension Request {
    /// Reads the JSON body; an empty one counts as `{}`.
    ///
    /// - Throws: `tooLarge`, `invalidJSON`, `invalidInput`.
    func shape<Shape: Decodable & Sendable>(_ shape: Shape.Type) async throws -> Shape {
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: Limits.requestBytes)
        } catch is NIOTooManyBytesError {
            throw ChatError(.tooLarge, "request: more than \(Limits.requestBytes) bytes")
        }
        return try ShapeCoder.decode(shape, from: buffer.readableBytes == 0 ? Array("{}".utf8) : Array(buffer: buffer))
    }

    func query(_ name: String) -> String? {
        uri.queryParameters[Substring(name)].map(String.init)
    }
}

extension Response {
    /// A JSON answer; `write` makes the document.
    static func json(
        _ status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) -> Void
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: JSON.document(write))))
    }

    static func error(_ error: ChatError) -> Response {
        var response = json(error.code.status) { $0.error(error.outward) }
        if error.code == .unauthenticated { response.headers[.wwwAuthenticate] = "Bearer" }
        if let wait = error.retryAfter {
            response.headers[.retryAfter] = String(max(1, (wait.milliseconds + 999) / 1_000))
        }
        return response
    }

    static var noContent: Response { Response(status: .noContent) }
}
