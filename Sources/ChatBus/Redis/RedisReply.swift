import NIOCore

/// What a Redis server said, as far as a bus needs to know.
enum RedisReply: Equatable {
    /// A command succeeded.
    case fine
    /// A command failed, for this reason.
    case failure(String)
    case subscribed(channel: String)
    case message(channel: String, payload: ByteBuffer)
}
