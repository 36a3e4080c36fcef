import ChatCore

extension MessageBatch {
    /// The batch cut into parts of at most `size` bytes each; a message that is larger is a part of its own.
    func parts(ofAtMost size: Int) -> [MessageBatch] {
        guard bytes.count > size else { return [self] }
        var parts: [MessageBatch] = []
        var (first, start) = (0, 0)
        for index in ends.indices {
            let isLast = index == ends.count - 1
            guard isLast || ends[index + 1] - start > size else { continue }
            parts.append(
                MessageBatch(
                    room: room, firstSeq: firstSeq + Int64(first), bytes: Array(bytes[start..<ends[index]]),
                    ends: ends[first...index].map { $0 - start }))
            (first, start) = (index + 1, ends[index])
        }
        return parts
    }
}
