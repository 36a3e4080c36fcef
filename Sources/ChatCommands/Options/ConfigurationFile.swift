import ChatCore
import TOMLKit

/// The user's `config.toml`: settings by their names.
enum ConfigurationFile {
    static let names: Set<String> = ["database", "server", "token_file", "user"]

    static var path: String { Folders.configuration + "/config.toml" }

    /// - Throws: `configuration` for a file that is no TOML or holds an unknown setting.
    static func load() throws(ChatError) -> [String: String] {
        guard let text = try TextFile.read(path) else { return [:] }
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch {
            throw ChatError(.configuration, "\(path): not TOML", hint: "lines of the form: database = \"sqlite:PATH\"")
        }
        var values: [String: String] = [:]
        for name in table.keys {
            guard names.contains(name), let value = table[name]?.string else {
                throw ChatError(
                    .configuration, "\(path): '\(name)' is not a setting with a text",
                    hint: "settings are \(names.sorted().joined(separator: ", "))")
            }
            values[name] = value
        }
        return values
    }
}
