import ArgumentParser
import ChatCore
import Glibc

/// `chatctl send`
struct Send: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Post a message.",
        discussion: "Without BODY, or with '-', the body is read from standard input.")

    @Argument(help: "Name of the room; with --to the body stands here.") var room: String?
    @Argument(help: "The message; '-' or none reads standard input.") var text: String?
    @Option(help: ArgumentHelp("Send to the direct room with this user.", valueName: "user")) var to: String?
    @Flag(help: "One message a line of standard input, in order.") var lines = false
    @Option(help: ArgumentHelp("Own name for the message; a retry with it is harmless.", valueName: "text"))
    var clientId: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard to != nil || room != nil else { throw ValidationError("name the room, or a user with --to") }
        guard to == nil || text == nil else { throw ValidationError("more than one body; quote it") }
        guard !(lines && clientId != nil) else {
            throw ValidationError("--client-id names one message, --lines sends many")
        }
        guard !(lines && body != nil) else { throw ValidationError("--lines reads standard input; leave out the body") }
    }

    private var body: String? {
        let body = to == nil ? text : room
        return body == "-" ? nil : body
    }

    private func wholeBody() throws(ChatError) -> MessageBody {
        if let body { return try MessageBody(body) }
        return try MessageBody(StandardInput.whole())
    }

    func run(_ session: Session) async throws(ChatError) {
        let id = try clientId.map { text throws(ChatError) in try ClientID(text) }
        // What needs no database is judged before it is opened.
        let name = to == nil ? try RoomName(room ?? "") : nil
        let only = lines ? nil : try wholeBody()
        try await session.withBackend { backend throws(ChatError) in
            let room = if let name { name } else { try await directRoom(backend, session) }
            if let only {
                show(try await backend.service.send(only, to: room, clientID: id), session)
                return
            }
            while let line = try StandardInput.nextLine() {
                guard !line.allSatisfy(\.isWhitespace) else { continue }
                show(try await sendPatiently(MessageBody(line), to: room, backend), session)
            }
        }
    }

    /// Many lines are no fault: what the rate of messages refuses is sent again when its time has come.
    private func sendPatiently(
        _ body: MessageBody, to room: RoomName, _ backend: Backend
    ) async throws(ChatError) -> Message {
        while true {
            do throws(ChatError) {
                return try await backend.service.send(body, to: room, clientID: nil)
            } catch  where error.code == .rateLimited {
                guard let wait = error.retryAfter else { throw error }
                do { try await Task.sleep(for: wait) } catch { throw ChatError.wrapping(error) }
            }
        }
    }

    private func directRoom(_ backend: Backend, _ session: Session) async throws(ChatError) -> RoomName {
        let other = try Username(to ?? "")
        let me = try await speaker(backend, session)
        return try await backend.service.directRoom(me, other).room.name
    }

    private func speaker(_ backend: Backend, _ session: Session) async throws(ChatError) -> Username {
        if let speaker = backend.speaker { return speaker.username }
        if let name = try await backend.remoteUsername() { return name }
        return try Caller.operator(as: nil).speaker().username
    }

    private func show(_ message: Message, _ session: Session) {
        session.show(json: { $0.message(message) }) { [String(message.seq)] }
    }
}

/// What is piped into a command.
enum StandardInput {
    /// All of standard input without its last line end.
    ///
    /// - Throws: `usage` at a terminal, `invalidBody` for more than a message can hold or no UTF-8.
    static func whole() throws(ChatError) -> String {
        guard isatty(STDIN_FILENO) == 0 else {
            throw ChatError(.usage, "body: none given", hint: "chatctl send ROOM BODY, or pipe it in")
        }
        guard let bytes = TextFile.readAll(STDIN_FILENO, upTo: Limits.bodyBytes * 2) else {
            throw ChatError(.invalidBody, "body: standard input is longer than \(Limits.bodyBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ChatError(.invalidBody, "body: standard input is not UTF-8")
        }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// The next line, nil at the end. - Throws: `invalidBody` when it is not UTF-8.
    static func nextLine() throws(ChatError) -> String? {
        guard let line = readLine() else { return nil }
        guard !line.unicodeScalars.contains("\u{fffd}") else {
            throw ChatError(.invalidBody, "body: a line is not UTF-8")
        }
        return line
    }
}
