import ChatCore

/// A form with files (RFC 7578), read as a whole: its size is bounded before.
struct MultipartForm: Sendable, Equatable {
    private let parts: [String: [UInt8]]

    /// Fields of one form; ours have two.
    private static let most = 16

    /// - Parameter type: the `Content-Type` of the request.
    /// - Throws: `invalidInput` for what is no such form, or has a field twice.
    init(_ body: [UInt8], type: String) throws(ChatError) {
        let broken = ChatError(.invalidInput, "request: not a form with files")
        guard let boundary = Self.boundary(of: type) else { throw broken }
        // The first boundary may stand at the very beginning; all others have a line end before them that is theirs.
        let body = Array("\r\n".utf8) + body
        let mark = Array("\r\n--".utf8) + boundary
        var found: [String: [UInt8]] = [:]
        guard var start = Self.find(mark, in: body, from: 0) else { throw broken }
        while true {
            let next = start + mark.count
            if body[next...].starts(with: "--".utf8) { break }
            guard body[next...].starts(with: "\r\n".utf8), found.count < Self.most,
                let end = Self.find(mark, in: body, from: next),
                let headEnd = Self.find(Array("\r\n\r\n".utf8), in: body, from: next), headEnd < end,
                let name = Self.name(String(decoding: body[next..<headEnd], as: UTF8.self)),
                found.updateValue(Array(body[min(headEnd + 4, end)..<end]), forKey: name) == nil
            else { throw broken }
            start = end
        }
        parts = found
    }

    /// The content of a file; empty if none was chosen.
    func file(_ name: String) -> [UInt8] { parts[name] ?? [] }

    subscript(_ name: String) -> String { String(decoding: parts[name] ?? [], as: UTF8.self) }

    /// 1 to 70 characters (RFC 2046 §5.1.1).
    private static func boundary(of type: String) -> [UInt8]? {
        guard type.lowercased().hasPrefix("multipart/form-data") else { return nil }
        let key = "boundary="
        let parameters = type.split(separator: ";").dropFirst().map { $0.drop { $0 == " " } }
        guard let parameter = parameters.first(where: { $0.lowercased().hasPrefix(key) }) else { return nil }
        let value = parameter.dropFirst(key.count).filter { $0 != "\"" }.utf8
        return (1...70).contains(value.count) ? Array(value) : nil
    }

    /// The name in `Content-Disposition: form-data; name="picture"; filename="a.png"`.
    private static func name(_ head: String) -> String? {
        let lines = head.split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }) else { return nil }
        let parameters = line.split(separator: ";").map { $0.drop { $0 == " " } }
        guard let parameter = parameters.first(where: { $0.hasPrefix("name=\"") }) else { return nil }
        return String(parameter.dropFirst(6).prefix { $0 != "\"" })
    }

    /// Where `pattern` begins next. The first byte of ours, CR, is rare in pictures, so this takes one pass.
    private static func find(_ pattern: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first else { return nil }
        var place = start
        while let hit = body[place...].firstIndex(of: first) {
            if body[hit...].starts(with: pattern) { return hit }
            place = hit + 1
        }
        return nil
    }
}
