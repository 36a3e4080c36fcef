import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes
import Hummingbird
import NIOCore

/// History, posting, deletion and search.
struct MessageRoutes {
    let chat: Chat

    func add(to group: RouterGroup<HTTPContext>) {
        group.get("rooms/:room/messages", use: page)
        group.post("rooms/:room/messages", use: send)
        group.get("rooms/:room/messages/:seq") { _, context in
            let message = try await service(context).message(in: context.roomName(), seq: context.number("seq"))
            return Response.json { $0.message(message) }
        }
        group.delete("rooms/:room/messages/:seq") { _, context in
            try await service(context).deleteMessage(in: context.roomName(), seq: context.number("seq"))
            return Response.noContent
        }
        group.get("search", use: search)
    }

    @Sendable private func page(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let (service, room) = (try service(context), try context.roomName())
        let messages = try await service.messages(
            in: room, range(of: request), limit: limit(of: request, most: Limits.pageMessages))
        guard messages.reduce(0, { $0 + $1.sentBytes }) > Limits.wholePageBytes else {
            return Response.json { $0.array(messages) { $0.message($1) } }
        }
        return Self.longPage(messages.map(\.seq), of: room, service)
    }

    /// Reads the messages again, a few at a time, as the client takes them.
    private static func longPage(_ seqs: [Int64], of room: RoomName, _ service: LocalChat) -> Response {
        .json(
            streamed: ResponseBody { writer in
                var separator = "["
                for start in stride(from: 0, to: seqs.count, by: Limits.pageChunk) {
                    let part = seqs[start..<min(start + Limits.pageChunk, seqs.count)]
                    let messages = try await service.messages(
                        in: room, .after((part.first ?? 0) - 1), limit: part.count
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

    @Sendable private func send(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let wish = try await request.shape(MessageRequest.self)
        guard let text = wish.body else { throw MessageBody.missing }
        let clientID = try wish.client_id.map { try ClientID($0) }
        let message = try await service(context).send(MessageBody(text), to: context.roomName(), clientID: clientID)
        return Response.json(.created) { $0.message(message) }
    }

    @Sendable private func search(_ request: Request, _ context: HTTPContext) async throws -> Response {
        let room = try request.query("room").map { try RoomName($0) }
        let hits = try await service(context).search(
            request.query("q") ?? "", in: room, before: request.number("before", in: 0...Int64.max),
            limit: limit(of: request, most: Limits.searchHits))
        return Response.json { $0.array(hits) { $0.message($1) } }
    }

    private func range(of request: Request) throws -> MessageRange {
        if let text = request.query("since") {
            guard let moment = Timestamp(rfc3339: text) else {
                throw ChatError(.invalidInput, "since: not RFC 3339", fields: ["since": ["Use RFC 3339."]])
            }
            return .since(moment)
        }
        if let before = try request.number("before", in: 0...Int64.max) { return .before(before) }
        if let after = try request.number("after", in: 0...Int64.max) { return .after(after) }
        return .latest
    }

    private func limit(of request: Request, most: Int) throws -> Int {
        Int(try request.number("limit", in: 1...Int64(most)) ?? Int64(min(50, most)))
    }

    private func service(_ context: HTTPContext) throws -> LocalChat {
        try chat.service(of: context)
    }
}
