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

    package func deleteMessages(
        _ selection: MessageSelection, after position: Int64
    ) async throws(ChatError) -> MessageSweep {
        var query = [("author", selection.author.text), ("after", String(position))]
        if let room = selection.room { query.append(("room", room.text)) }
        if let since = selection.since { query.append(("since", since.rfc3339)) }
        return try await fetch(SweepShape.self, .DELETE, Target.api("messages", query: query)).sweep
    }

    /// The server returns at most ``Limits/searchHits``, whatever `limit` says.
    package func search(
        _ text: String, in room: RoomName?, by author: Username? = nil, before: Int64? = nil, limit: Int
    ) async throws(ChatError) -> [Message] {
        guard limit > 0 else { return [] }
        var query = [("q", text), ("limit", String(min(limit, Limits.searchHits)))]
        if let room { query.append(("room", room.text)) }
        if let author { query.append(("author", author.text)) }
        if let before { query.append(("before", String(before))) }
        return try await fetch([MessageShape].self, .GET, Target.api("search", query: query)).map(\.message)
    }

    /// The server returns at most ``Limits/listPage`` acts a page; the next one continues from the last one's edge.
    package func audit(
        _ filter: AuditFilter, _ range: AuditRange, limit: Int
    ) async throws(ChatError) -> [AuditEntry] {
        var (acts, next) = ([AuditEntry](), range)
        while acts.count < limit {
            let wanted = min(limit - acts.count, Limits.listPage)
            let query = filter.query + next.query + [("limit", String(wanted))]
            let page = try await fetch([AuditEntryShape].self, .GET, Target.api("audit", query: query)).map(\.entry)
            let isBackward = range.isBackward
            acts = isBackward ? page + acts : acts + page
            guard page.count == wanted, let first = page.first, let last = page.last else { break }
            next = isBackward ? .before(first.id) : .after(last.id)
        }
        return acts
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

extension AuditFilter {
    fileprivate var query: [(String, String)] {
        [("actor", actor), ("target", target), ("since", since?.rfc3339)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }
}

extension AuditRange {
    fileprivate var isBackward: Bool {
        switch self {
        case .before: true
        case .after: false
        }
    }

    fileprivate var query: [(String, String)] {
        switch self {
        case .before(let id): [("before", String(id))]
        case .after(let id): [("after", String(id))]
        }
    }
}
