import ChatCore
import Mustache

/// The templates of all pages, parsed once.
struct Templates: Sendable {
    private let library: MustacheLibrary

    private static let sources: [(name: String, bytes: [UInt8])] = [
        ("head", PackageResources.head_mustache), ("foot", PackageResources.foot_mustache),
        ("home", PackageResources.home_mustache), ("login", PackageResources.login_mustache),
        ("signup", PackageResources.signup_mustache), ("error", PackageResources.error_mustache),
        ("chat", PackageResources.chat_mustache), ("person", PackageResources.person_mustache),
        ("profile", PackageResources.profile_mustache), ("edit", PackageResources.edit_mustache),
        ("delete", PackageResources.delete_mustache), ("search", PackageResources.search_mustache),
        ("token", PackageResources.token_mustache), ("admin", PackageResources.admin_mustache),
        ("admin-rooms", PackageResources.admin_rooms_mustache),
        ("admin-audit", PackageResources.admin_audit_mustache),
        ("admin-room", PackageResources.admin_room_mustache),
        ("admin-invitations", PackageResources.admin_invitations_mustache),
        ("admin-nav", PackageResources.admin_nav_mustache),
    ]

    /// - Throws: `fault` for a template that cannot be parsed.
    init() throws(ChatError) {
        var templates: [String: MustacheTemplate] = [:]
        for (name, bytes) in Self.sources {
            // Values come escaped (see HTMLText), so the engine must not do it again.
            let text = "{{% CONTENT_TYPE:TEXT}}" + String(decoding: bytes, as: UTF8.self)
            do { templates[name] = try MustacheTemplate(string: text) } catch {
                throw ChatError(.fault, "template \(name): \(error)")
            }
        }
        library = MustacheLibrary(templates: templates)
    }

    /// - Throws: `fault` for an unknown name.
    func render(_ name: String, _ values: PageValues) throws(ChatError) -> String {
        guard let text = library.render(PageValue.escaped(values), withTemplate: name) else {
            throw ChatError(.fault, "template \(name): there is none")
        }
        return text
    }
}
