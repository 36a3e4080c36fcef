import ChatCore

/// A frame sent by a client (docs/protocol.md, "Client frames"). The core has not validated its values yet.
package struct ClientFrame: Sendable, Equatable {
    /// The kinds of requests a client can make.
    package enum Event: Sendable, Equatable {
        case join(room: String, after: Int64?, epoch: String?)
        case leave(room: String?)
        case message(room: String?, body: String, clientID: String?)
        case edit(room: String?, seq: Int64, body: String)
        case typing(room: String?)
        case read(room: String?, seq: Int64)
        case ping
    }

    package let ref: Ref?
    package let event: Event
}

/// The reason a frame could not be parsed, with its `ref` if that was readable.
package struct FrameFault: Error {
    package let ref: Ref?
    package let error: ChatError
}

extension ClientFrame {
    /// Parses the text of one WebSocket message.
    ///
    /// A null field counts as absent, except `ref`. Fields that the event does not use are ignored.
    /// - Returns: a frame, or a fault of `invalidJSON`, `invalidFrame` or `invalidBody`.
    package static func parse(_ bytes: [UInt8]) -> Result<ClientFrame, FrameFault> {
        var scanner = JSONScanner(bytes)
        var fields = Fields()
        do throws(JSONScanner.Fault) {
            guard try scanner.members({ fields.take($0, $1) }) else {
                return .failure(FrameFault(ref: nil, error: ChatError(.invalidFrame, "frame: not a JSON object")))
            }
        } catch {
            return .failure(FrameFault(ref: nil, error: ChatError(.invalidJSON, "frame: \(error.reason)")))
        }
        var ref: Ref?
        do throws(ChatError) {
            let reader = FieldReader(scanner: scanner)
            ref = try reader.ref(fields.ref)
            return .success(ClientFrame(ref: ref, event: try reader.event(fields)))
        } catch {
            return .failure(FrameFault(ref: ref, error: error))
        }
    }
}

/// The positions of a frame's fields.
private struct Fields {
    private(set) var event, ref, room, body, clientID, after, epoch, seq: JSONScanner.Value?

    mutating func take(_ name: String, _ value: JSONScanner.Value) {
        switch name {
        case "event": event = value
        case "ref": ref = value
        case "room": room = value
        case "body": body = value
        case "client_id": clientID = value
        case "after": after = value
        case "epoch": epoch = value
        case "seq": seq = value
        default: break
        }
    }
}

/// Reads the fields of a frame with the types they must have.
private struct FieldReader {
    let scanner: JSONScanner

    func ref(_ value: JSONScanner.Value?) throws(ChatError) -> Ref? {
        guard let value else { return nil }
        if case .other = value.kind { throw Self.invalid("ref", "Not a string or a number.") }
        guard value.range.count <= Ref.longest else {
            throw Self.invalid("ref", "Ensure this field has no more than \(Ref.longest) bytes.")
        }
        return Ref(json: scanner.raw(value))
    }

    func event(_ fields: Fields) throws(ChatError) -> ClientFrame.Event {
        switch try text(fields.event, "event") ?? "message" {
        case "message":
            return .message(
                room: try text(fields.room, "room"), body: try body(fields.body),
                clientID: try text(fields.clientID, "client_id"))
        case "join":
            guard let room = try text(fields.room, "room") else { throw Self.missing("room") }
            return .join(room: room, after: try number(fields.after, "after"), epoch: try text(fields.epoch, "epoch"))
        case "leave": return .leave(room: try text(fields.room, "room"))
        case "edit":
            guard let seq = try number(fields.seq, "seq") else { throw Self.missing("seq") }
            return .edit(room: try text(fields.room, "room"), seq: seq, body: try body(fields.body))
        case "typing": return .typing(room: try text(fields.room, "room"))
        case "read":
            guard let seq = try number(fields.seq, "seq") else { throw Self.missing("seq") }
            return .read(room: try text(fields.room, "room"), seq: seq)
        case "ping": return .ping
        default: throw Self.invalid("event", "Not one of join, leave, message, edit, typing, read, ping.")
        }
    }

    private func body(_ value: JSONScanner.Value?) throws(ChatError) -> String {
        guard let value = Self.present(value) else { throw MessageBody.missing }
        guard let text = scanner.text(of: value) else {
            throw ChatError(.invalidBody, "body: Not a valid string.", fields: ["body": ["Not a valid string."]])
        }
        return text
    }

    private func text(_ value: JSONScanner.Value?, _ field: String) throws(ChatError) -> String? {
        guard let value = Self.present(value) else { return nil }
        guard let text = scanner.text(of: value) else { throw Self.invalid(field, "Not a valid string.") }
        return text
    }

    private func number(_ value: JSONScanner.Value?, _ field: String) throws(ChatError) -> Int64? {
        guard let value = Self.present(value) else { return nil }
        guard let number = scanner.integer(of: value) else { throw Self.invalid(field, "A valid integer is required.") }
        return number
    }

    private static func present(_ value: JSONScanner.Value?) -> JSONScanner.Value? {
        if case .null = value?.kind { nil } else { value }
    }

    private static func missing(_ field: String) -> ChatError { invalid(field, "This field is required.") }

    private static func invalid(_ field: String, _ why: String) -> ChatError {
        ChatError(.invalidFrame, "\(field): \(why)", fields: [field: [why]])
    }
}
