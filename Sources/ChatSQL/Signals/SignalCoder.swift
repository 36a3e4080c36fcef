import ChatCore
import FoundationEssentials

/// Events as the text in which the buses of databases carry them.
package enum SignalCoder {
    package static func encode(_ events: [Event]) throws(ChatError) -> String {
        do {
            return String(decoding: try JSONEncoder().encode(events), as: UTF8.self)
        } catch {
            throw .wrapping(error)
        }
    }

    /// Returns nil for what another version of this program wrote.
    package static func decode(_ text: String) -> [Event]? {
        try? JSONDecoder().decode([Event].self, from: Data(text.utf8))
    }
}
