import ChatTestKit
import HTTPTypes
import Testing

@testable import ChatPages

/// The files that pages load.
@Suite struct AssetsTests {
    @Test func `an asset's address follows from its content`() {
        let one = Asset("a.css", type: "text/css", bytes: [1]), two = Asset("a.css", type: "text/css", bytes: [2])
        #expect(one.url.hasPrefix("/assets/a.") && one.url.hasSuffix(".css") && one.url != two.url)
        #expect(one.file.count == "a.".count + 16 + ".css".count)
    }

    @Test func `remarks, indentation and empty lines are dropped, code is not`() {
        let script = Array("// a\n  let url = 'http://x'\n\n\t// b\nnext()".utf8)
        #expect(String(decoding: Assets.withoutRemarks(script), as: UTF8.self) == "let url = 'http://x'\nnext()\n")
    }

    @Test func `assets are kept for ever, and only under their present address`() async throws {
        let pages = try await TestPages()
        let assets = Assets()
        for asset in [assets.style, assets.chatScript, assets.icon] {
            let answer = try await pages.ask("GET \(asset.url)", as: nil)
            #expect(answer.status == 200)
            #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(answer.headers[.contentType] == asset.type && answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.body == String(decoding: asset.bytes, as: UTF8.self))
            #expect(answer.headers[.contentEncoding] == nil)
        }
        #expect(try await pages.ask("GET /assets/style.0000000000000000.css", as: nil).status == 404)
        let packed = try await pages.ask(
            "GET \(assets.style.url)", as: nil, headers: ["Accept-Encoding": "br, gzip"])
        #expect(packed.headers[.contentEncoding] == "gzip" && packed.headers[.vary] == "Accept-Encoding")
        await pages.close()
    }

    @Test(arguments: [
        ("gzip", true), ("br, GZIP;q=0.5", true), ("", false), ("gzip;q=0", false), ("gzip; q=0.0, br", false),
        ("xgzip", false),
    ])
    func `gzip is sent to those who take it`(accepted: String, takes: Bool) {
        #expect(AssetPages.takesGzip(accepted) == takes)
    }
}
