import ChatCore
import HTTPTypes
import Hummingbird
import NIOCore

/// The security headers of pages: nothing is loaded from another host, no script but ours runs, nobody frames a page or
/// learns from a link where somebody came from.
enum PageHeaders {
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].joined(separator: "; ")

    /// The headers of a page, which no cache keeps: it belongs to whoever is logged in.
    static var page: HTTPFields {
        var headers = common
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return headers
    }

    /// The headers of an asset, whose address names its content.
    static func asset(_ type: String) -> HTTPFields {
        var headers = common
        headers[.contentType] = type
        headers[.cacheControl] = "public, max-age=31536000, immutable"
        return headers
    }

    static var common: HTTPFields {
        var headers = HTTPFields()
        headers[.contentSecurityPolicy] = policy
        headers[.xContentTypeOptions] = "nosniff"
        for (name, value) in [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
        ] {
            if let field = HTTPField.Name(name) { headers[field] = value }
        }
        return headers
    }
}

extension Response {
    /// A page.
    static func html(_ status: HTTPResponse.Status = .ok, _ text: String) -> Response {
        Response(status: status, headers: PageHeaders.page, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Sends the browser to another page of ours after a form (RFC 9110 §15.4.4).
    static func seeOther(_ path: String) -> Response {
        var headers = PageHeaders.page
        headers[.contentType] = nil
        headers[.location] = path
        return Response(status: .seeOther, headers: headers)
    }
}
