import ChatCore
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The body, once it is here. A client that waits to be asked for it is asked.
    ///
    /// - Throws: `tooLarge` beyond `most` bytes, at once if the client says so; `invalidInput` for a body that breaks off.
    func wholeBody(
        _ context: HTTPContext, upTo most: Int = Limits.requestBytes
    ) async throws(ChatError) -> ByteBuffer {
        let tooLarge = ChatError(.tooLarge, "request: more than \(most) bytes")
        if let length = headers[.contentLength], UInt64(length).map({ $0 > most }) ?? true {
            throw tooLarge
        }
        if headers[.expect] != nil { context.invite() }
        do {
            return try await body.collect(upTo: most)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch {
            // Broken chunks, or the end of the connection.
            throw ChatError(.invalidInput, "request: its body cannot be read")
        }
    }
}
