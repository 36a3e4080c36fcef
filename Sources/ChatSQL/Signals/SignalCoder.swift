import ChatCore
import FoundationEssentials

/// The text of events between processes.
package enum SignalCoder {
    package static func encode(_ events: [Event]) throws(ChatError) -> String {
        do {
            return String(decoding: try JSONEncoder().encode(events), as: UTF8.self)
        } catch {
            throw .wrapping(error)
        }
    }

    /// Nil for events of another version of this program.
    package static func decode(_ text: String) -> [Event]? {
        try? JSONDecoder().decode([Event].self, from: Data(text.utf8))
    }
}
