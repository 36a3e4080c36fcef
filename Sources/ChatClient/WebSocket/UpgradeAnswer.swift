import ChatWire
import NIOCore

/// Reads the server's answer to an opening handshake (RFC 6455 §4.1), as it arrives.
struct UpgradeAnswer {
    enum Outcome: Equatable {
        case incomplete
        /// The connection is a WebSocket; `rest` holds the bytes that followed the head.
        case accepted(rest: ByteBuffer)
        case refused(status: Int, body: [UInt8])
        /// Not an answer to our handshake.
        case broken
    }

    private static let longestHead = 16_384

    private let accept: String
    private var buffer = ByteBuffer()

    /// - Parameter key: the `Sec-WebSocket-Key` that was sent.
    init(key: String) {
        accept = WebSocketHandshake.accept(key)
    }

    mutating func feed(_ more: ByteBuffer) -> Outcome {
        buffer.writeImmutableBuffer(more)
        guard let end = buffer.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else {
            return buffer.readableBytes > Self.longestHead ? .broken : .incomplete
        }
        let head = String(decoding: buffer.readableBytesView[..<end.lowerBound], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { return .broken }
        let rest = buffer.getSlice(at: end.upperBound, length: buffer.writerIndex - end.upperBound) ?? ByteBuffer()
        return outcome(status, Self.fields(of: lines.dropFirst()), rest)
    }

    private func outcome(_ status: Int, _ fields: [String: String], _ rest: ByteBuffer) -> Outcome {
        guard status != 101 else {
            return fields["sec-websocket-accept"] == accept ? .accepted(rest: rest) : .broken
        }
        // A body of unknown length is not waited for: the status is enough.
        let length = fields["content-length"].flatMap { Int($0) }.map { min(max($0, 0), Self.longestHead) } ?? 0
        guard rest.readableBytes >= length else { return .incomplete }
        return .refused(status: status, body: Array(rest.readableBytesView.prefix(length)))
    }

    private static func fields(of lines: some Sequence<Substring>) -> [String: String] {
        lines.reduce(into: [:]) { fields, line in
            guard let colon = line.firstIndex(of: ":") else { return }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields[line[..<colon].lowercased()] = String(value.prefix { $0 != " " })
        }
    }
}
