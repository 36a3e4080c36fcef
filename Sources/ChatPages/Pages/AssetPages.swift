import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird
import NIOCore

/// The files that pages load.
struct AssetPages: Sendable {
    let pages: Pages

    var routes: [Route] {
        [
            pages.route(.get, "/assets/{file}") { call in
                guard let asset = pages.assets.asset(call.context.text("file")) else {
                    throw ChatError(.notFound, "asset: there is none of this name")
                }
                var headers = PageHeaders.asset(asset.type)
                let takesGzip = Self.takesGzip(call.request.headers[.acceptEncoding] ?? "")
                if takesGzip { headers[.contentEncoding] = "gzip" }
                headers[.vary] = "Accept-Encoding"
                return Response(
                    status: .ok, headers: headers,
                    body: .init(byteBuffer: ByteBuffer(bytes: takesGzip ? asset.gzip : asset.bytes)))
            },
            // Browsers ask for it where a page names no icon, such as the documents of the API.
            pages.route(.get, "/favicon.ico") { _ in .seeOther(pages.assets.icon.url) },
        ]
    }

    /// True if a client names gzip and does not rule it out (RFC 9110 §12.5.3).
    static func takesGzip(_ accepted: String) -> Bool {
        accepted.lowercased().split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
            let refusals = ["q=0", "q=0.0", "q=0.00", "q=0.000"]
            return words.first == "gzip" && !words.dropFirst().contains(where: refusals.contains)
        }
    }
}
