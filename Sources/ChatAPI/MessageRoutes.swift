import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes
import Hummingbird
import NIOCore

/// History, posting, deletion and search.
struct MessageRoutes {
    let chat: Chat

    private static let before = QueryParameter(
        "before", .count, "Only messages before this `seq`, the newest of them; not with after or since.")
    private static let after = QueryParameter(
        "after", .count, "Only messages after this `seq`, the oldest of them; not with before or since.")
    private static let since = QueryParameter(
        "since", .time, "Only messages from this time on, the oldest of them; not with before or after.")
    private static let limit = limit(upTo: Limits.pageMessages)
    private static let text = QueryParameter(
        "q", .text(TextRule(length: 1...Limits.searchCharacters, pattern: #"^[^\u0000]*$"#)), "The text to find.",
        isRequired: true)
    private static let beforeID = QueryParameter("before", .count, "Only messages with an `id` below this one.")
    private static let by = QueryParameter("author", .username, "Only messages of this user.")
    private static let author = QueryParameter("author", .username, "Whose messages.", isRequired: true)
    private static let sinceThen = QueryParameter("since", .time, "Only messages from this time on.")
    private static let position = QueryParameter("after", .count, "Where the last request ended; 0 without it.")
    private static let room = QueryParameter("room", .roomName, "Only messages of this room.")

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/rooms/{room}/messages", "Reads a part of a room's log: without a range, its end",
                query: [Self.before, Self.after, Self.since, Self.limit],
                answers: [.ok("Messages, oldest first.", .list(.message)).withEpoch], respond: page),
            Route(
                .post, "/api/v1/rooms/{room}/messages", "Posts a message", body: MessageRequest.self,
                answers: [.created("The message, which is durable.", .message)], respond: send),
            Route(
                .get, "/api/v1/rooms/{room}/messages/{seq}", "Shows a message", answers: [.ok("The message.", .message)]
            ) { call in
                let message = try await service(call).message(
                    in: call.context.roomName(), seq: call.context.number("seq"))
                return Response.json { $0.message(message) }
            },
            Route(
                .patch, "/api/v1/rooms/{room}/messages/{seq}", "Changes the text of one's own message",
                body: EditRequest.self, answers: [.ok("The message.", .message)]
            ) { call, wish in
                let message = try await service(call).editMessage(
                    in: call.context.roomName(), seq: call.context.number("seq"), to: MessageBody(wish.body ?? ""))
                return Response.json { $0.message(message) }
            },
            Route(.delete, "/api/v1/rooms/{room}/messages/{seq}", "Deletes a message", answers: [.done]) { call in
                try await service(call).deleteMessage(in: call.context.roomName(), seq: call.context.number("seq"))
                return Response.noContent
            },
            sweep,
            Route(
                .get, "/api/v1/search", "Finds messages that contain a text, ignoring case: the newest",
                query: [Self.text, Self.room, Self.by, Self.beforeID, Self.limit(upTo: Limits.searchHits)],
                answers: [.page("The newest hits, oldest first; the next page has older ones.", of: .message)],
                respond: search),
        ]
    }

    private var sweep: Route {
        Route(
            .delete, "/api/v1/messages",
            "Deletes the next messages of an author, at most \(Limits.sweepBatch); in all rooms for administrators",
            query: [Self.author, Self.room, Self.sinceThen, Self.position],
            answers: [.ok("How many, and the `after` of the request that continues, or null.", .sweep)]
        ) { call in
            let selection = MessageSelection(
                author: try Username(call.query["author"] ?? ""),
                room: try call.query["room"].map { try RoomName($0) }, since: try call.query.moment("since"))
            let sweep = try await service(call).deleteMessages(
                selection, after: call.query.number("after") ?? 0)
            return Response.json { $0.sweep(sweep) }
        }
    }

    @Sendable private func page(_ call: Call) async throws -> Response {
        let service = try service(call)
        let log = try await service.log(of: call.context.roomName())
        let messages = try await service.messages(
            of: log, range(of: call.query), limit: limit(of: call.query, most: Limits.pageMessages))
        let isLong = messages.reduce(0, { $0 + $1.sentBytes }) > Limits.wholePageBytes
        var response =
            isLong
            ? Self.longPage(messages.map(\.seq), of: log, service)
            : Response.json { $0.array(messages) { $0.message($1) } }
        response.headers[.roomEpoch] = log.epoch
        return response
    }

    /// Reads the messages again, a few at a time, as the client takes them.
    private static func longPage(_ seqs: [Int64], of log: RoomLog, _ service: LocalChat) -> Response {
        .json(
            streamed: ResponseBody { writer in
                var separator = "["
                for start in stride(from: 0, to: seqs.count, by: Limits.pageChunk) {
                    let part = seqs[start..<min(start + Limits.pageChunk, seqs.count)]
                    let messages = try await service.messages(
                        of: log, .after((part.first ?? 0) - 1), limit: part.count
                    ).filter { part.contains($0.seq) }
                    var text = ByteBuffer()
                    for message in messages {
                        text.writeString(separator)
                        separator = ","
                        text.writeBytes(JSON.document { $0.message(message) })
                    }
                    try await writer.write(text)
                }
                try await writer.write(ByteBuffer(string: separator == "[" ? "[]" : "]"))
                try await writer.finish(nil)
            })
    }

    @Sendable private func send(_ call: Call, _ wish: MessageRequest) async throws -> Response {
        let body = try MessageBody(wish.body ?? "")
        let clientID = try wish.client_id.map { try ClientID($0) }
        let message = try await service(call).send(body, to: call.context.roomName(), clientID: clientID)
        return Response.json(.created) { $0.message(message) }
    }

    @Sendable private func search(_ call: Call) async throws -> Response {
        let room = try call.query["room"].map { try RoomName($0) }
        let limit = limit(of: call.query, most: Limits.searchHits)
        let hits = try await service(call).search(
            call.query["q"] ?? "", in: room, by: try call.query["author"].map { try Username($0) },
            before: call.query.number("before"), limit: limit + 1)
        // Of the largest page there is not one more to be had; it may be followed by an empty one.
        let hasMore = hits.count > limit || hits.count == Limits.searchHits
        return call.page(
            Array(hits.suffix(limit)), before: hasMore ? hits.suffix(limit).first.map { String($0.id) } : nil
        ) { $0.message($1) }
    }

    private func range(of query: Query) throws(ChatError) -> MessageRange {
        let given = ["before", "after", "since"].filter { query[$0] != nil }
        guard given.count < 2 else {
            throw ChatError(
                .invalidInput, "query: \(given.joined(separator: " and ")) exclude each other",
                fields: [given[1]: ["Use only one of before, after and since."]])
        }
        if let moment = try query.moment("since") { return .since(moment) }
        if let before = query.number("before") { return .before(before) }
        return query.number("after").map { .after($0) } ?? .latest
    }

    private func limit(of query: Query, most: Int) -> Int {
        Int(query.number("limit") ?? Int64(min(50, most)))
    }

    private static func limit(upTo most: Int) -> QueryParameter {
        QueryParameter("limit", .number(1...Int64(most)), "How many at most; \(min(50, most)) without it.")
    }

    private func service(_ call: Call) throws -> LocalChat {
        try chat.service(of: call.context)
    }
}
