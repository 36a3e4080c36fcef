import ChatCore

/// Cuts an input into lines, each ended by LF or CRLF; the last one may lack its end.
package struct LineReader {
    private let input: any InputChannel
    private let limit: Int
    private var buffer: [UInt8] = []
    private var isAtEnd = false

    /// - Parameter limit: bytes of the longest line; it bounds the memory that a line without end takes.
    package init(_ input: any InputChannel, limit: Int) {
        self.input = input
        self.limit = limit
    }

    /// One line without its end.
    package enum Line: Equatable {
        case text([UInt8])
        /// Longer than the limit. Nothing can be read after it.
        case tooLong
    }

    /// The next line, nil at the end.
    ///
    /// - Throws: `invalidInput` when the input cannot be read.
    package mutating func next() throws(ChatError) -> Line? {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                return content(of: line)
            }
            searched = buffer.count
            guard !isAtEnd, searched <= limit + 1 else { break }
            let more = try input.read()
            isAtEnd = more.isEmpty
            buffer += more
        }
        guard !buffer.isEmpty else { return nil }
        defer { (buffer, isAtEnd) = ([], true) }
        return content(of: buffer)
    }

    private func content(of line: [UInt8]) -> Line {
        let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
        return text.count <= limit ? .text(Array(text)) : .tooLong
    }
}
