import ChatCore
import ChatTerminal
import ChatWire

// How values look as text; their JSON forms come from the wire.

extension Invocation {
    func show(user: User) throws(ChatError) {
        try show(json: { $0.user(user) }) {
            var lines = ["\(user.username)  \(user.role.rawValue)\(user.isDisabled ? "  disabled" : "")"]
            if user.displayName != user.username.text { lines.append("  \(screen.harmless(user.displayName))") }
            lines.append("  since \(user.createdAt.rfc3339)")
            return lines
        }
    }

    func show(users: [User]) throws(ChatError) {
        try show(json: { $0.array(users) { $0.user($1) } }) {
            var table = Table("USERNAME", "ROLE", "STATE", "NAME")
            for user in users {
                table.add(
                    user.username.text, user.role.rawValue, user.isDisabled ? "disabled" : "active",
                    screen.harmless(user.displayName))
            }
            return table.lines(width: screen.output.width)
        }
    }

    /// - Parameter created: whether the command made the room or found it; nil where nobody asked.
    func show(room: Room, created: Bool? = nil) throws(ChatError) {
        try show(json: { $0.room(room, created: created) }) {
            var lines = ["\(room.name)  \(room.kind.rawValue)\(room.isArchived ? "  archived" : "")"]
            if !room.topic.isEmpty { lines.append("  \(screen.harmless(room.topic))") }
            let counts = [count(room.lastSeq, "message"), count(Int64(room.memberCount), "member")]
            lines.append("  \(counts.joined(separator: ", ")), \(room.onlineCount) online")
            if let last = room.lastMessageAt { lines.append("  last message \(last.rfc3339)") }
            return lines
        }
    }

    func show(rooms: [Room]) throws(ChatError) {
        try show(json: { $0.array(rooms) { $0.room($1) } }) {
            var table = Table("ROOM", "KIND", "MESSAGES", "LAST", "MEMBERS", "ONLINE", "TOPIC")
            for room in rooms {
                table.add(
                    room.name.text, room.kind.rawValue + (room.isArchived ? " (archived)" : ""), String(room.lastSeq),
                    room.lastMessageAt?.rfc3339 ?? "-", String(room.memberCount), String(room.onlineCount),
                    screen.harmless(room.topic))
            }
            return table.lines(width: screen.output.width)
        }
    }

    func show(members: [Member]) throws(ChatError) {
        try show(json: { $0.array(members) { $0.member($1) } }) {
            var table = Table("USERNAME", "ROLE", "SINCE")
            for member in members { table.add(member.username.text, member.role.rawValue, member.joinedAt.rfc3339) }
            return table.lines(width: screen.output.width)
        }
    }

    /// - Parameter isUTC: shows the time in UTC and not in the reader's zone.
    func show(message: Message, isUTC: Bool = false) throws(ChatError) {
        try show(json: { $0.message(message) }) {
            let time = time(message.createdAt, isUTC: isUTC)
            let author = screen.bold(message.author.username.text)
            return ["\(screen.dim(time)) #\(message.room.name) \(message.seq) \(author): \(indented(message))"]
        }
    }

    /// The body with its further lines indented: none of them can be taken for a message.
    private func indented(_ message: Message) -> String {
        guard !message.isDeleted else { return "(deleted)" }
        return message.body.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { screen.harmless(String($0)) }.joined(separator: "\n\t")
    }

    /// - Parameter isOne: one room was asked for, and not a list of rooms.
    func show(presence: [RoomPresence], isOne: Bool) throws(ChatError) {
        try show { json in
            if isOne, let only = presence.first {
                json.presence(only)
            } else {
                json.array(presence) { $0.presence($1) }
            }
        } text: {
            presence.map { room in
                let names = room.users.map {
                    $0.connections > 1 ? "\($0.username) (\($0.connections))" : $0.username.text
                }
                return "#\(room.room): \(room.users.count) online"
                    + (names.isEmpty ? "" : ": " + names.joined(separator: ", "))
            }
        }
    }

    func show(tokens: [Token]) throws(ChatError) {
        try show(json: { $0.array(tokens) { $0.token($1) } }) {
            var table = Table("ID", "KIND", "CREATED", "EXPIRES", "LABEL")
            for token in tokens {
                table.add(
                    String(token.id), token.kind.rawValue, token.createdAt.rfc3339, token.expiresAt?.rfc3339 ?? "never",
                    screen.harmless(token.label))
            }
            return table.lines(width: screen.output.width)
        }
    }

    /// Says to people what was done; no result, so not with `--quiet`.
    ///
    /// - Throws: `outputFailed`.
    func say(_ text: String) throws(ChatError) {
        if !options.quiet { try screen.line(text) }
    }

    /// Prints an object in JSON.
    ///
    /// - Throws: `outputFailed`.
    func document(_ fields: (inout JSONWriter) -> Void) throws(ChatError) {
        try screen.document(JSON.document { $0.object(fields) })
    }

    /// Prints an object with a list of names in JSON.
    ///
    /// - Throws: `outputFailed`.
    func show(list name: StaticString, _ items: [String]) throws(ChatError) {
        try document { json in
            json.key(name)
            json.array(items) { $0.value($1) }
        }
    }

    func show(acts: [AuditEntry]) throws(ChatError) {
        guard !printsJSON else { return try screen.document(JSON.document { $0.array(acts) { $0.auditEntry($1) } }) }
        for act in acts { try show(act: act) }
    }

    func show(act: AuditEntry) throws(ChatError) {
        try show(json: { $0.auditEntry(act) }) {
            let actor = screen.bold(screen.harmless(act.actor))
            let words = [actor, act.action] + [act.target, act.detail].map(screen.harmless)
            return ["\(screen.dim(time(act.at))) \(words.filter { !$0.isEmpty }.joined(separator: " "))"]
        }
    }

    /// For people the time of their clock, which they compare with, for programs one that they can parse.
    func time(_ moment: Timestamp, isUTC: Bool = false) -> String {
        let zone = isUTC ? .utc : zone
        return screen.output.isTerminal ? zone.clock(moment, now: clock.now()) : zone.rfc3339(moment)
    }

    private func count(_ number: Int64, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
