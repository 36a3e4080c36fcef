import CHiredis
import NIOCore

/// A command in the bytes of the Redis protocol.
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
