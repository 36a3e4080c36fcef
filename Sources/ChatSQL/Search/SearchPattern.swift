import Glibc

/// What a search looks for. Finding it takes a time proportional to the text, whatever the pattern (D. E. Knuth, J. H. Morris,
/// V. R. Pratt: Fast Pattern Matching in Strings, 1977).
struct SearchPattern: Sendable {
    let text: FoldedText
    /// For each length of a matched beginning: the length of the longest shorter beginning with which it ends.
    private let borders: [Int]

    init(_ text: String) {
        self.text = FoldedText(text)
        let bytes = self.text.bytes
        var borders = [0, 0]
        for byte in bytes.dropFirst() {
            var length = borders[borders.count - 1]
            while length > 0, bytes[length] != byte { length = borders[length] }
            borders.append(bytes[length] == byte ? length + 1 : 0)
        }
        self.borders = borders
    }

    func occurs(in other: FoldedText) -> Bool {
        other.bytes.withUnsafeBufferPointer { whole in
            text.bytes.withUnsafeBufferPointer { pattern in find(pattern, in: whole) }
        }
    }

    private func find(_ pattern: UnsafeBufferPointer<UInt8>, in whole: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = pattern.first, let start = whole.baseAddress else { return pattern.isEmpty }
        var (matched, index) = (0, 0)
        while matched < pattern.count, whole.count - index >= pattern.count - matched {
            if matched == 0 {
                guard let next = memchr(start + index, CInt(first), whole.count - index) else { return false }
                index = UnsafeRawPointer(start).distance(to: UnsafeRawPointer(next)) + 1
                matched = 1
            } else if whole[index] == pattern[matched] {
                (matched, index) = (matched + 1, index + 1)
            } else {
                matched = borders[matched]
            }
        }
        return matched == pattern.count
    }
}
