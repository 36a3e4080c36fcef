import ChatCore

/// Where a command reads from: a descriptor of the process, or a text.
package protocol InputChannel: Sendable {
    /// A person types it.
    var isTerminal: Bool { get }

    /// Waits for bytes and returns them; empty at the end.
    ///
    /// - Throws: `invalidInput` when it cannot be read.
    func read() throws(ChatError) -> [UInt8]

    /// Asks a person for a line that the terminal does not show; nil when there is none.
    ///
    /// - Throws: `interrupted` when the person gives up, `invalidInput` for what is not UTF-8.
    func secret(_ prompt: String) throws(ChatError) -> String?
}

extension InputChannel {
    /// Everything up to the end; nil when that is more than `limit` bytes, of which the rest is left unread.
    package func readAll(upTo limit: Int) throws(ChatError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while true {
            let more = try read()
            if more.isEmpty { return bytes }
            bytes += more
            guard bytes.count <= limit else { return nil }
        }
    }
}
