/// A picture that somebody gave of themselves, of a kind that is known by its content.
package struct Avatar: Sendable, Equatable {
    /// What browsers show as a picture and never run.
    package enum Kind: String, Sendable, CaseIterable {
        case png = "image/png"
        case jpeg = "image/jpeg"
        case webp = "image/webp"
    }

    package let kind: Kind
    package let bytes: [UInt8]

    /// - Throws: `tooLarge`; `invalidInput` for what is no picture of these kinds, whatever its name says.
    package init(_ bytes: [UInt8]) throws(ChatError) {
        guard bytes.count <= Limits.avatarBytes else {
            throw ChatError(.tooLarge, "picture: larger than 1 MB", fields: ["picture": ["Use one of at most 1 MB."]])
        }
        guard let kind = Self.kind(of: bytes) else {
            throw ChatError(
                .invalidInput, "picture: neither PNG nor JPEG nor WebP",
                fields: ["picture": ["Use a PNG, JPEG or WebP picture."]])
        }
        self.kind = kind
        self.bytes = bytes
    }

    /// For a picture that was checked before it was stored.
    package init(stored kind: Kind, _ bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }

    /// The kind by the first and, where the format has one, the last bytes: PNG (RFC 2083 §3), JPEG (ITU T.81 §B.1.1.3)
    /// and WebP (RFC 9649 §2.4).
    private static func kind(of bytes: [UInt8]) -> Kind? {
        let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]
        if bytes.starts(with: png + Array("IHDR".utf8)), bytes.count > 32 { return .png }
        if bytes.starts(with: [0xff, 0xd8, 0xff]), bytes.suffix(2) == [0xff, 0xd9] { return .jpeg }
        guard bytes.count > 20, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WEBP".utf8),
            bytes[12..<15].elementsEqual("VP8".utf8)
        else { return nil }
        return .webp
    }
}

/// Stores pictures.
package protocol AvatarStore: Sendable {
    /// The picture of an account; nil if it has none, or there is no such account.
    func avatar(of name: Username) async throws(ChatError) -> Avatar?
    /// - Parameter avatar: nil takes the picture away.
    func setAvatar(_ avatar: Avatar?, of user: UserID, at: Timestamp, act: Act) async throws(ChatError)
}

extension LocalChat {
    package func avatar(of name: Username) async throws(ChatError) -> Avatar? { try await store.avatar(of: name) }

    /// Gives the caller a picture, or takes it away.
    package func setOwnAvatar(_ avatar: Avatar?) async throws(ChatError) {
        let user = try caller.speaker()
        try spend(.change)
        let act = Act("user.update", by: caller, on: user.username.text, detail: "picture")
        try await store.setAvatar(avatar, of: user.id, at: now(), act: act)
    }
}
