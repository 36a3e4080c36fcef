/// Identifies a message of a run: `~STREAM:NUMBER~` at the head of its body, from which receivers keep their ledgers.
///
/// It allows any server that broadcasts bodies to be measured, independent of the format of its frames.
struct Marker: Hashable {
    /// Who posts and where: an index known to the whole run.
    let stream: Int
    /// Counts 0, 1, 2 … in the stream.
    let number: Int

    private static let edge = UInt8(ascii: "~")
    private static let middle = UInt8(ascii: ":")

    init(stream: Int, number: Int) {
        self.stream = stream
        self.number = number
    }

    /// A body of `size` bytes, or as many as the marker needs.
    func body(size: Int) -> [UInt8] {
        var body = Array("~\(stream):\(number)~".utf8)
        if body.count < size { body += [UInt8](repeating: UInt8(ascii: "x"), count: size - body.count) }
        return body
    }

    /// Finds a marker in a frame's payload.
    ///
    /// - Parameter hint: where the last one began. It is tried first, because the frames of one server look alike.
    @inline(__always)
    static func find(in payload: UnsafeRawBufferPointer, hint: inout Int) -> Marker? {
        if hint < payload.count, payload[hint] == edge, let marker = read(payload, at: hint + 1) { return marker }
        for index in payload.indices where payload[index] == edge {
            guard let marker = read(payload, at: index + 1) else { continue }
            hint = index
            return marker
        }
        return nil
    }

    @inline(__always)
    private static func read(_ payload: UnsafeRawBufferPointer, at start: Int) -> Marker? {
        var index = start
        guard let stream = number(payload, &index, until: middle), let number = number(payload, &index, until: edge)
        else { return nil }
        return Marker(stream: stream, number: number)
    }

    /// Reads at most 15 digits, so that the number cannot overflow.
    @inline(__always)
    private static func number(
        _ payload: UnsafeRawBufferPointer, _ index: inout Int, until end: UInt8
    ) -> Int? {
        let start = index
        var value = 0
        while index < payload.count, index - start < 16 {
            let byte = payload[index]
            index += 1
            if byte == end { return index - start > 1 ? value : nil }
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return nil
    }
}
