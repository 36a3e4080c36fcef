import ChatCore
import FoundationEssentials

/// What a client named its request; repeated in the answer.
package enum Ref: Sendable, Equatable, Codable {
    case text(String)
    case number(Int64)

    /// Bytes of a textual `ref`: it is held while the request is under way.
    static let longest = 128

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            self = .number(number)
            return
        }
        let text = try container.decode(String.self)
        guard text.utf8.count <= Self.longest else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "ref is too long")
        }
        self = .text(text)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
    }
}

/// A frame of a client (contract §3), with its text not yet judged by the core.
package struct ClientFrame: Sendable, Equatable {
    package enum Event: Sendable, Equatable {
        case join(room: String, after: Int64?, epoch: String?)
        case leave(room: String?)
        case message(room: String?, body: String, clientID: String?)
        case typing(room: String?)
        case read(room: String?, seq: Int64)
        case ping
    }

    package let ref: Ref?
    package let event: Event
}

/// A frame that could not be read, with the `ref` of its answer where that could.
package struct FrameFault: Error {
    package let ref: Ref?
    package let error: ChatError
}

extension ClientFrame {
    private struct Raw: Decodable {
        var event: String?
        var ref: Ref?
        var room: String?
        var body: String?
        var client_id: String?
        var after: Int64?
        var epoch: String?
        var seq: Int64?
    }

    private struct OnlyRef: Decodable {
        var ref: Ref?
    }

    /// Reads the text of one WebSocket message.
    package static func parse(_ bytes: [UInt8]) -> Result<ClientFrame, FrameFault> {
        let data = Data(bytes)
        let raw: Raw
        do {
            raw = try JSONDecoder().decode(Raw.self, from: data)
        } catch {
            let ref = try? JSONDecoder().decode(OnlyRef.self, from: data).ref
            return .failure(FrameFault(ref: ref, error: fault(from: error)))
        }
        do throws(ChatError) {
            return .success(ClientFrame(ref: raw.ref, event: try event(of: raw)))
        } catch {
            return .failure(FrameFault(ref: raw.ref, error: error))
        }
    }

    private static func event(of raw: Raw) throws(ChatError) -> Event {
        switch raw.event ?? "message" {
        case "message":
            guard let body = raw.body else { throw MessageBody.missing }
            return .message(room: raw.room, body: body, clientID: raw.client_id)
        case "join":
            guard let room = raw.room else { throw invalid("room", "This field is required.") }
            return .join(room: room, after: raw.after, epoch: raw.epoch)
        case "leave": return .leave(room: raw.room)
        case "typing": return .typing(room: raw.room)
        case "read":
            guard let seq = raw.seq else { throw invalid("seq", "This field is required.") }
            return .read(room: raw.room, seq: seq)
        case "ping": return .ping
        default: throw invalid("event", "Not one of join, leave, message, typing, read, ping.")
        }
    }

    private static func fault(from error: any Error) -> ChatError {
        guard let error = error as? DecodingError else { return ChatError(.invalidJSON, "frame: not JSON") }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            guard let field = context.codingPath.first?.stringValue else {
                return ChatError(.invalidFrame, "frame: not a JSON object")
            }
            if field == "body" {
                return ChatError(.invalidBody, "body: not a string", fields: ["body": ["Not a valid string."]])
            }
            return invalid(field, "Not of the right type.")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return invalid(context.codingPath.first?.stringValue ?? "frame", "Not a valid value.")
        case .dataCorrupted, .keyNotFound: return ChatError(.invalidJSON, "frame: not JSON")
        @unknown default: return ChatError(.invalidJSON, "frame: not JSON")
        }
    }

    private static func invalid(_ field: String, _ why: String) -> ChatError {
        ChatError(.invalidFrame, "\(field): \(why)", fields: [field: [why]])
    }
}
