import ArgumentParser
import ChatCore
import ChatTerminal

/// `chatctl send`
struct Send: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Post a message.",
        discussion: """
            Without BODY, or with '-', the body is read from standard input. A body that begins with '-' stands behind \
            '--'.
            """)

    @Argument(help: "Name of the room; with --to the body stands here.", completion: .live(.rooms)) var room: String?
    @Argument(help: ArgumentHelp("The message; '-' or none reads standard input.", valueName: "body"))
    var text: String?
    @Option(help: ArgumentHelp("Send to the direct room with this user.", valueName: "user"), completion: .live(.users))
    var to: String?
    @Flag(help: "Send each line of standard input as a message, in order.") var lines = false
    @Option(help: ArgumentHelp("Your own ID for the message, which makes a retry idempotent.", valueName: "text"))
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

    func run(_ invocation: Invocation) async throws(ChatError) {
        let id = try clientId.map { text throws(ChatError) in try ClientID(text) }
        // What needs no database is checked before it is opened.
        let name = to == nil ? try RoomName(room ?? "") : nil
        let only = lines ? nil : try invocation.wholeBody(body)
        try await invocation.withBackend { backend throws(ChatError) in
            let room = if let name { name } else { try await directRoom(backend) }
            if let only {
                try show(try await backend.service.send(only, to: room, clientID: id), invocation)
            } else {
                try await sendLines(to: room, backend, invocation)
            }
        }
    }

    private func sendLines(
        to room: RoomName, _ backend: Backend, _ invocation: Invocation
    ) async throws(ChatError) {
        var reader = LineReader(invocation.input, limit: Limits.bodyBytes)
        var number = 0
        while let line = try reader.next() {
            number += 1
            guard case .text(let bytes) = line else {
                throw ChatError(.invalidBody, "body: line \(number) is longer than \(Limits.bodyBytes) bytes")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ChatError(.invalidBody, "body: line \(number) is not UTF-8")
            }
            guard !text.allSatisfy(\.isWhitespace) else { continue }
            let body = try MessageBody(text)
            let message = try await RatedWork.run { () async throws(ChatError) in
                try await backend.service.send(body, to: room, clientID: nil)
            }
            try show(message, invocation)
        }
    }

    private func directRoom(_ backend: Backend) async throws(ChatError) -> RoomName {
        let other = try Username(to ?? "")
        return try await backend.service.directRoom(try await backend.actor().username, other).room.name
    }

    private func show(_ message: Message, _ invocation: Invocation) throws(ChatError) {
        try invocation.show(json: { $0.message(message) }) { [String(message.seq)] }
    }
}
