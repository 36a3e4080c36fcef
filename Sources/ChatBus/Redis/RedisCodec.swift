import CHiredis
import ChatCore
import NIOCore

// hiredis reads and writes the protocol; NIO moves the bytes, with TLS or without. Debian's hiredis 0.14 has no TLS of
// its own, and its calls with variable arguments cannot be imported.

/// What a Redis server said, as far as a bus needs to know.
enum RedisReply {
    /// Of a command.
    case fine
    case failure(String)
    case subscribed(channel: String)
    case message(channel: String, payload: ByteBuffer)
}

/// Turns bytes of a Redis server into replies; confined to its event loop.
final class RedisReader {
    private let reader: UnsafeMutablePointer<redisReader>

    /// Nil when there is too little memory.
    init?() {
        guard let reader = redisReaderCreate() else { return nil }
        self.reader = reader
    }

    deinit { redisReaderFree(reader) }

    /// Takes bytes in. Whether they can be what Redis says.
    func feed(_ buffer: ByteBuffer) -> Bool {
        buffer.withUnsafeReadableBytes { bytes in
            redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count) == REDIS_OK
        }
    }

    /// The next whole reply; an inner nil when more bytes are needed, an outer one when the bytes make no sense.
    func next() -> RedisReply?? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else { return nil }
        guard let object else { return .some(nil) }
        defer { freeReplyObject(object) }
        return Self.meaning(of: object.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private static func meaning(of reply: redisReply) -> RedisReply {
        if reply.type == REDIS_REPLY_ERROR { return .failure(text(reply)) }
        guard reply.type == REDIS_REPLY_ARRAY, reply.elements == 3, let kind = reply.element[0]?.pointee,
            let channel = reply.element[1]?.pointee, let last = reply.element[2]?.pointee
        else { return .fine }
        switch text(kind) {
        case "message": return .message(channel: text(channel), payload: ByteBuffer(bytes: bytes(last)))
        case "subscribe": return .subscribed(channel: text(channel))
        default: return .fine
        }
    }

    private static func text(_ reply: redisReply) -> String { String(decoding: bytes(reply), as: UTF8.self) }

    private static func bytes(_ reply: redisReply) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : reply.len)
    }
}

/// A command as bytes.
enum RedisCommand {
    /// - Returns: an empty buffer when there is too little memory.
    static func bytes(_ words: [String], payload: [UInt8]? = nil) -> ByteBuffer {
        var flat: [CChar] = []
        var lengths: [Int] = []
        for word in words.map({ Array($0.utf8) }) + (payload.map { [$0] } ?? []) {
            word.withUnsafeBytes { flat.append(contentsOf: $0.bindMemory(to: CChar.self)) }
            lengths.append(word.count)
        }
        return flat.withUnsafeBufferPointer { flat in
            var offset = 0
            var pointers = lengths.map { length in
                defer { offset += length }
                return flat.baseAddress?.advanced(by: offset)
            }
            var command: UnsafeMutablePointer<CChar>?
            let count = redisFormatCommandArgv(&command, CInt(lengths.count), &pointers, lengths)
            defer { redisFreeCommand(command) }
            return ByteBuffer(bytes: UnsafeRawBufferPointer(start: command, count: max(0, Int(count))))
        }
    }
}
