import ChatCore
import Testing

@testable import ChatPages

/// Finding messages.
@Suite struct SearchPagesTests {
    @Test func `hits lead to their messages, and older ones to the next page`() async throws {
        let pages = try await TestPages()
        let bodies = try (1...60).map { try MessageBody("needle & thread \($0).") }
        try await pages.service("root").send(all: bodies, to: RoomName("general"))
        let first = try await pages.ask("GET /search?q=needle+%26")
        #expect(first.status == 200 && first.body.contains("needle &amp; thread 60."))
        #expect(first.body.contains("#m60") && !first.body.contains("thread 10."))
        let start = try #require(first.body.range(of: #"href="/search?q=needle"#))
        let link = first.body[start.lowerBound...].dropFirst(6).prefix { $0 != "\"" }.replacing("&amp;", with: "&")
        let second = try await pages.ask("GET \(link)")
        #expect(second.body.contains("thread 10.") && !second.body.contains("thread 11."))
        await pages.close()
    }

    @Test(arguments: [
        ("q=x&room=a%20b", 400), ("q=x&room=nowhere", 404), ("q=x&author=nobody", 404), ("q=%00", 400), ("q=zzz", 200),
        ("", 200), ("q=", 200), ("q=%", 200), ("q=x&before=\(Int64.min)", 200), ("q=x&before=0", 200),
        ("q=x&before=\(Int64.max)", 200),
    ])
    func `a search that cannot be says why`(query: String, status: Int) async throws {
        let pages = try await TestPages()
        #expect(try await pages.ask("GET /search?\(query)").status == status)
        await pages.close()
    }
}
