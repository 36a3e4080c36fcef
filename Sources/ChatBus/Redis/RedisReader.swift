import CHiredis
import NIOCore

// hiredis encodes and decodes the protocol; NIO moves the bytes, with TLS or without. Debian's hiredis 0.14 has no TLS of
// its own, and its variadic functions cannot be imported into Swift.

/// Decodes the replies of a Redis server; confined to its event loop.
final class RedisReader {
    /// What ``next()`` found.
    enum Step: Equatable {
        case reply(RedisReply)
        /// The bytes end within a reply.
        case needsMoreBytes
        /// The bytes break the protocol; the reader is of no more use.
        case malformed
    }

    private let reader: UnsafeMutablePointer<redisReader>

    /// Returns nil when there is too little memory.
    init?() {
        guard let reader = redisReaderCreate() else { return nil }
        self.reader = reader
    }

    deinit { redisReaderFree(reader) }

    /// Appends received bytes. Returns false when there is too little memory or the reader was given malformed ones.
    func feed(_ buffer: ByteBuffer) -> Bool {
        buffer.withUnsafeReadableBytes { bytes in
            redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count) == REDIS_OK
        }
    }

    /// Takes the next whole reply off the bytes.
    func next() -> Step {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else { return .malformed }
        guard let object else { return .needsMoreBytes }
        defer { freeReplyObject(object) }
        return .reply(Self.meaning(of: object.assumingMemoryBound(to: redisReply.self).pointee))
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
