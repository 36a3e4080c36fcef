import ChatCore
import ChatHTTP
import HTTPTypes
import Hummingbird

/// The chat: a room with the end of its log, and posting without a script.
struct ChatRoomPages: Sendable {
    let pages: Pages

    /// Messages that a page shows at first.
    private static let shown = 50

    var routes: [Route] {
        [
            pages.page("/chat") { call, visitor in
                let name = try await firstRoom(visitor)
                return try await show(name, call, visitor)
            },
            pages.page("/chat/room/{room}") { call, visitor in
                try await show(call.context.roomName(), call, visitor)
            },
            pages.form("/chat/room/{room}", post),
            pages.form("/chat/start/{user}") { call, visitor, _ in
                let service = pages.service(visitor)
                let room = try await service.directRoom(visitor.user.username, call.context.username()).room
                return .seeOther(Self.path(of: room.name))
            },
        ]
    }

    static func path(of room: RoomName) -> String { "/chat/room/\(PercentCoding.encoded(room.text))" }

    /// `general`, or where it is gone or closed to the visitor, the room with the newest message.
    private func firstRoom(_ visitor: Visitor) async throws(ChatError) -> RoomName {
        let service = pages.service(visitor)
        let general = RoomName(stored: "general")
        do throws(ChatError) { return try await service.room(named: general).name } catch {
            guard [.roomNotFound, .banned, .notAMember].contains(error.code) else { throw error }
        }
        guard let room = try await service.conversations().first?.room else {
            throw ChatError(.roomNotFound, "there is no room yet that you may enter")
        }
        return room.name
    }

    // MARK: Posting

    @Sendable private func post(_ call: Call, _ visitor: Visitor, _ form: Form) async throws -> Response {
        let room = try call.context.roomName()
        let draft = form.lines("body")
        do throws(ChatError) {
            let id = form["client_id"]
            _ = try await pages.service(visitor).send(
                MessageBody(draft), to: room, clientID: id.isEmpty ? nil : ClientID(id))
            return .seeOther(Self.path(of: room) + "#end")
        } catch {
            pages.chat.report(.refused(error.code))
            return try await show(room, call, visitor, refused: (draft, error))
        }
    }

    // MARK: The page

    private func show(
        _ name: RoomName, _ call: Call, _ visitor: Visitor, refused: (draft: String, error: ChatError)? = nil
    ) async throws -> Response {
        let service = pages.service(visitor)
        let before = call.pageQuery.number("before")
        let log = try await service.log(of: name)
        let messages = try await service.messages(
            of: log, before.map { .before($0) } ?? .latest, limit: Self.shown)
        let room = try await service.room(named: name)
        var conversations = try await service.conversations()
        if !conversations.contains(where: { $0.room.id == room.id }) {
            conversations.insert(Conversation(room: room, seat: nil), at: 0)
        }
        let present = conversations.first { $0.room.id == room.id }
        if before == nil { service.markRead(room.id, through: log.lastSeq) }
        var values: PageValues = [
            "room": .record(Self.shown(room, present?.seat)), "roomURL": .text(Self.path(of: room.name)),
            "rooms": .list(conversations.map { Self.shown($0, current: room.id) }),
            "messages": .list(messages.map { Self.shown($0, own: $0.author.id == visitor.user.id) }),
            "older": .number(messages.first.flatMap { $0.seq > 1 ? $0.seq : nil }), "isOld": .flag(before != nil),
            "canPost": .flag(canPost(in: room, present?.seat)), "role": .text(present?.seat?.role.rawValue),
            "lastSeq": .number(log.lastSeq), "epoch": .text(log.epoch), "online": .number(Int64(room.onlineCount)),
            "chatScriptURL": .text(pages.assets.chatScript.url), "avatars": true,
            "lastRead": .number(present?.seat?.lastReadSeq),
        ]
        if let refused {
            values["draft"] = .text(refused.draft)
            values["error"] = .text(PageWords.reason(refused.error))
        }
        return try pages.page(
            "chat", Self.title(of: room, present?.seat), visitor, values, status: refused?.error.code.status ?? .ok)
    }

    /// Whether to show a form; whether a message is taken is decided when it comes.
    private func canPost(in room: Room, _ seat: MemberSeat?) -> Bool {
        guard !room.isArchived else { return false }
        return room.kind == .public || seat != nil && (room.kind == .private || seat?.peer != nil)
    }

    private static func title(of room: Room, _ seat: MemberSeat?) -> String {
        guard room.kind == .direct else { return room.name.text }
        return seat?.peer?.displayName ?? "Deleted user"
    }

    private static func shown(_ room: Room, _ seat: MemberSeat?) -> PageValues {
        [
            "name": .text(room.name.text), "topic": .filled(room.topic), "kind": .text(room.kind.rawValue),
            "archived": .flag(room.isArchived), "title": .text(title(of: room, seat)),
            "direct": .flag(room.kind == .direct), "isPrivate": .flag(room.kind == .private),
            "peer": .text(seat?.peer?.username.text),
        ]
    }

    private static func shown(_ conversation: Conversation, current: RoomID) -> PageValues {
        let (room, seat) = (conversation.room, conversation.seat)
        let isCurrent = room.id == current
        return [
            "name": .text(room.name.text), "title": .text(title(of: room, seat)), "current": .flag(isCurrent),
            "unread": conversation.unread > 0 && !isCurrent ? .number(conversation.unread) : .none,
            "kind": .text(room.kind.rawValue), "url": .text(path(of: room.name)),
            "peer": .text(seat?.peer?.username.text), "online": .number(Int64(room.onlineCount)),
            "isDirect": .flag(room.kind == .direct), "isMember": .flag(seat != nil),
            "lastSeq": .number(room.lastSeq),
        ]
    }

    static func shown(_ message: Message, own: Bool) -> PageValues {
        let author = message.author.username.text
        return [
            "id": .number(message.id), "seq": .number(message.seq), "author": .text(author),
            "displayName": .text(message.author.displayName),
            "avatar": .text(PersonPages.avatar(of: message.author.username)),
            "time": .text(message.createdAt.rfc3339), "clock": .text(PageTime.clock(message.createdAt)),
            "body": .text(message.body.text), "edited": .flag(message.editedAt != nil),
            "deleted": .flag(message.isDeleted), "own": .flag(own),
            // A page that has the message, with some that came after it.
            "url": .text("\(path(of: message.room.name))?before=\(message.seq + 20)#m\(message.seq)"),
            "room": .text(message.room.name.text),
        ]
    }
}
