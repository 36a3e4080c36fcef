import ChatCore
import FoundationEssentials

// The request bodies of the HTTP API (docs/protocol.md, "HTTP"), shared by server and client so that they cannot
// diverge.

/// A log-in with a name and a password.
package struct LoginRequest: Codable, Sendable {
    package var username: String
    package var password: String
    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }
}

/// A message to post.
package struct MessageRequest: Codable, Sendable {
    package var body: String?
    package var client_id: String?
    package init(body: String?, client_id: String?) {
        self.body = body
        self.client_id = client_id
    }
}

/// A room to create; `kind` defaults to `public`.
package struct RoomRequest: Codable, Sendable {
    package var name: String
    package var kind: String?
    package var topic: String?
    package var members: [String]?
    package init(name: String, kind: String?, topic: String?, members: [String]?) {
        self.name = name
        self.kind = kind
        self.topic = topic
        self.members = members
    }
}

/// Changes to a room; absent fields stay as they are.
package struct RoomPatch: Codable, Sendable {
    package var name: String?
    package var topic: String?
    package var archived: Bool?
    package init(name: String?, topic: String?, archived: Bool?) {
        self.name = name
        self.topic = topic
        self.archived = archived
    }
}

/// The role to give a member. If absent, a new member gets `member` and an existing one keeps their role.
package struct MemberRequest: Codable, Sendable {
    package var role: String?
    package init(role: String?) { self.role = role }
}

/// The duration of a ban or mute.
package struct RestrictionRequest: Codable, Sendable {
    /// If absent, the restriction lasts until it is lifted.
    package var duration_ms: Int64?
    package init(duration_ms: Int64?) { self.duration_ms = duration_ms }
}

/// An account to create.
package struct UserRequest: Codable, Sendable {
    package var username: String
    package var password: String?
    package var display_name: String?
    package var role: String?
    package init(username: String, password: String?, display_name: String?, role: String?) {
        self.username = username
        self.password = password
        self.display_name = display_name
        self.role = role
    }
}

/// Changes to an account; absent fields stay as they are.
package struct UserPatch: Codable, Sendable {
    package var display_name: String?
    package var bio: String?
    package var password: String?
    package var disabled: Bool?
    package var role: String?
    package init(display_name: String?, bio: String?, password: String?, disabled: Bool?, role: String? = nil) {
        self.display_name = display_name
        self.bio = bio
        self.password = password
        self.disabled = disabled
        self.role = role
    }
}

/// A token to create; without `life_ms` it does not expire.
package struct TokenRequest: Codable, Sendable {
    package var label: String?
    package var life_ms: Int64?
    package init(label: String?, life_ms: Int64?) {
        self.label = label
        self.life_ms = life_ms
    }
}

/// Encodes and decodes Codable shapes, and converts coding errors to `ChatError`.
package enum ShapeCoder {
    package static func encode(_ shape: some Encodable) throws(ChatError) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(shape))
        } catch {
            throw .wrapping(error)
        }
    }

    /// - Throws: `invalidJSON` for text that is not JSON, otherwise `invalidInput` with the name of the field.
    package static func decode<Shape: Decodable>(_ shape: Shape.Type, from bytes: [UInt8]) throws(ChatError) -> Shape {
        do {
            return try JSONDecoder().decode(shape, from: Data(bytes))
        } catch let error as ChatError {
            throw error
        } catch let error as DecodingError {
            throw refusal(of: error)
        } catch {
            throw ChatError(.invalidJSON, "request: not JSON")
        }
    }

    private static func refusal(of error: DecodingError) -> ChatError {
        switch error {
        case .keyNotFound(let key, _): field(key.stringValue, "This field is required.")
        case .valueNotFound(_, let context): field(at: context.codingPath, "This field may not be null.")
        case .typeMismatch(_, let context): field(at: context.codingPath, "Not of the right type.")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            field(at: context.codingPath, "Not a valid value.")
        case .dataCorrupted: ChatError(.invalidJSON, "request: not JSON")
        @unknown default: ChatError(.invalidJSON, "request: not JSON")
        }
    }

    /// An error of the innermost named field.
    private static func field(at path: [any CodingKey], _ why: String) -> ChatError {
        guard let name = path.last(where: { $0.intValue == nil })?.stringValue else {
            return ChatError(.invalidInput, "request: not of the right shape")
        }
        return field(name, why)
    }

    private static func field(_ name: String, _ why: String) -> ChatError {
        ChatError(.invalidInput, "\(name): \(why)", fields: [name: [why]])
    }
}
