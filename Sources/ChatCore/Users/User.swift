/// The database id of a user.
package struct UserID: Hashable, Sendable, Codable {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
}

/// A user's role in the whole installation.
package enum SiteRole: String, Sendable, Codable, CaseIterable {
    case admin
    case user
}

/// An account.
package struct User: Equatable, Sendable {
    package let id: UserID
    package let username: Username
    package let displayName: String
    package let bio: String
    package let role: SiteRole
    package let disabledAt: Timestamp?
    package let createdAt: Timestamp

    package init(
        id: UserID, username: Username, displayName: String, bio: String, role: SiteRole, disabledAt: Timestamp?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.username = username
        self.displayName = displayName
        self.bio = bio
        self.role = role
        self.disabledAt = disabledAt
        self.createdAt = createdAt
    }

    package var isDisabled: Bool { disabledAt != nil }
    package var isAdmin: Bool { role == .admin }
}

/// The values for creating an account.
package struct NewUser: Sendable {
    package let username: Username
    package let displayName: String
    package let role: SiteRole
    /// The plain-text password; nil for an account without one, which can only use tokens.
    package let password: String?

    /// - Throws: `invalidInput` when the display name or the password breaks its limits.
    package init(username: Username, displayName: String?, role: SiteRole, password: String?) throws(ChatError) {
        self.username = username
        self.displayName = try FreeText.validated(
            displayName ?? username.text, field: "display_name", longest: Limits.displayNameCharacters)
        self.role = role
        self.password = try password.map { text throws(ChatError) in try Password.validated(text) }
    }
}

/// Changes to an account; nil leaves a field unchanged.
package struct UserChange: Sendable {
    package var displayName: String?
    package var bio: String?
    package var password: String?
    package var disabled: Bool?
    package var role: SiteRole?

    package init(
        displayName: String? = nil, bio: String? = nil, password: String? = nil, disabled: Bool? = nil,
        role: SiteRole? = nil
    ) throws(ChatError) {
        self.displayName = try displayName.map { text throws(ChatError) in
            try FreeText.validated(text, field: "display_name", longest: Limits.displayNameCharacters)
        }
        self.bio = try bio.map { text throws(ChatError) in
            try FreeText.validated(text, field: "bio", longest: Limits.bioCharacters)
        }
        self.password = try password.map { text throws(ChatError) in try Password.validated(text) }
        self.disabled = disabled
        self.role = role
    }
}

/// The rule for passwords; ``SecretKeeper`` hashes them.
package enum Password {
    /// Returns `text` if it is an acceptable password.
    ///
    /// - Throws: `invalidInput` when the length in bytes is out of bounds or the text contains U+0000.
    package static func validated(_ text: String) throws(ChatError) -> String {
        guard Limits.passwordBytes.contains(text.utf8.count), !text.utf8.contains(0) else {
            throw ChatError(
                .invalidInput,
                "password: not \(Limits.passwordBytes.lowerBound) to \(Limits.passwordBytes.upperBound) bytes long",
                fields: ["password": ["Use at least \(Limits.passwordBytes.lowerBound) characters."]])
        }
        return text
    }
}
