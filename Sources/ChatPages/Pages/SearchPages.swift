import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// Finding messages by their text.
struct SearchPages: Sendable {
    let pages: Pages

    /// Hits on one page.
    private static let shown = 50

    var routes: [Route] { [pages.page("/search", search)] }

    @Sendable private func search(_ call: Call, _ visitor: Visitor) async throws -> Response {
        let query = call.pageQuery
        let text = query["q"] ?? ""
        var values: PageValues = [
            "q": .text(text), "room": .text(query["room"] ?? ""), "author": .text(query["author"] ?? ""),
            "longest": .number(Int64(Limits.searchCharacters)),
        ]
        guard !text.isEmpty else { return try pages.page("search", "Search", visitor, values) }
        do {
            let room = try Self.given(query["room"]).map { try RoomName($0) }
            let author = try Self.given(query["author"]).map { try Username($0) }
            let hits = try await pages.service(visitor).search(
                text, in: room, by: author, before: query.number("before"), limit: Self.shown + 1)
            let page = hits.suffix(Self.shown)
            values["hits"] = .list(
                page.reversed().map { hit in
                    var shown = ChatRoomPages.shown(hit, own: false)
                    shown["minute"] = .text(PageTime.minute(hit.createdAt))
                    return shown
                })
            values["isEmpty"] = .flag(hits.isEmpty)
            if hits.count > Self.shown, let oldest = page.first {
                let fields = [("q", text), ("room", query["room"] ?? ""), ("author", query["author"] ?? "")]
                let rest = fields.map { "\($0)=\(PercentCoding.encoded($1))" } + ["before=\(oldest.id)"]
                values["more"] = .text("/search?\(rest.joined(separator: "&"))")
            }
            return try pages.page("search", "Search", visitor, values)
        } catch let error as ChatError {
            values["error"] = .text(PageWords.reason(error))
            return try pages.page("search", "Search", visitor, values, status: error.code.status)
        }
    }

    private static func given(_ text: String?) -> String? { text?.isEmpty == false ? text : nil }
}
