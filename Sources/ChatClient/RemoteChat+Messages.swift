import ChatCore
import ChatWire

// The server returns at most 200 messages a page. Going forward, the next page begins after the last message; going
// backward, it ends before the first. A page that is not full is the last one.

extension RemoteChat {
    /// Retried on a fresh connection only with a client id, because the server then posts it once.
    package func send(_ body: MessageBody, to room: RoomName, clientID: ClientID?) async throws(ChatError) -> Message {
        let wish = MessageRequest(body: body.text, client_id: clientID?.text)
        return try await fetch(
            MessageShape.self, .POST, Target.api("rooms", room.text, "messages"), wish,
            isRepeatable: clientID != nil
        ).message
    }

    package func messages(
        in room: RoomName, _ range: MessageRange, limit: Int
    ) async throws(ChatError) -> [Message] {
        try await pages(range, limit: limit) { range, limit throws(ChatError) in
            try await self.fetch([MessageShape].self, .GET, Self.target(of: room, range, limit: limit)).map(\.message)
        }
    }

    /// Reads at most `limit` messages, a page at a time.
    func pages(
        _ range: MessageRange, limit: Int,
        _ page: (MessageRange, Int) async throws(ChatError) -> [Message]
    ) async throws(ChatError) -> [Message] {
        var pages: [[Message]] = []
        var next = range
        var rest = max(0, limit)
        while rest > 0 {
            let asked = min(rest, Limits.pageMessages)
            let page = try await page(next, asked)
            pages.append(page)
            rest -= page.count
            guard page.count == asked, let first = page.first, let last = page.last else { break }
            next = range.isBackward ? .before(first.seq) : .after(last.seq)
        }
        return Array(range.isBackward ? pages.reversed().joined() : pages.joined())
    }

    static func target(of room: RoomName, _ range: MessageRange, limit: Int) -> String {
        Target.api("rooms", room.text, "messages", query: range.query + [("limit", String(limit))])
    }

    package func message(in room: RoomName, seq: Int64) async throws(ChatError) -> Message {
        try await fetch(MessageShape.self, .GET, Target.api("rooms", room.text, "messages", String(seq))).message
    }

    package func editMessage(
        in room: RoomName, seq: Int64, to body: MessageBody
    ) async throws(ChatError) -> Message {
        try await fetch(
            MessageShape.self, .PATCH, Target.api("rooms", room.text, "messages", String(seq)),
            EditRequest(body: body.text), isRepeatable: true
        ).message
    }

    package func deleteMessage(in room: RoomName, seq: Int64) async throws(ChatError) {
        try await perform(.DELETE, Target.api("rooms", room.text, "messages", String(seq)))
    }

    /// The server returns at most ``Limits/searchHits``, whatever `limit` says.
    package func search(
        _ text: String, in room: RoomName?, before: Int64? = nil, limit: Int
    ) async throws(ChatError) -> [Message] {
        guard limit > 0 else { return [] }
        var query = [("q", text), ("limit", String(min(limit, Limits.searchHits)))]
        if let room { query.append(("room", room.text)) }
        if let before { query.append(("before", String(before))) }
        return try await fetch([MessageShape].self, .GET, Target.api("search", query: query)).map(\.message)
    }

    package func presence(in room: RoomName) async throws(ChatError) -> RoomPresence {
        try await fetch(PresenceShape.self, .GET, Target.api("rooms", room.text, "presence")).presence
    }

    /// Opens no connection yet.
    package func feed() -> any Feed { RemoteFeed(chat: self) }
}

extension MessageRange {
    fileprivate var isBackward: Bool {
        switch self {
        case .latest, .before: true
        case .after, .since: false
        }
    }

    fileprivate var query: [(String, String)] {
        switch self {
        case .latest: []
        case .before(let seq): [("before", String(seq))]
        case .after(let seq): [("after", String(seq))]
        case .since(let moment): [("since", moment.rfc3339)]
        }
    }
}
