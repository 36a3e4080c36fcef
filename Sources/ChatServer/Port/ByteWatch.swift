import ChatCore
import NIOCore

// Half a request may arrive behind a whole one in the same read, and the parser tells only of heads and ends. So the last
// byte of a read that could begin a request is handed to the parser apart: an end that comes before it is followed by
// another request. A read that ends with an empty line needs no such care, because the parser then is between two requests
// or in a body, of which it has told. Those are all handshakes and nearly all requests without a body. Rejected: a second
// parser, and asking the first one for what it has not used, which it keeps to itself.

/// Sees the bytes of a connection before they are parsed.
final class ByteWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let watch: RequestWatch

    init(_ watch: RequestWatch) {
        self.watch = watch
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !watch.isDeaf else { return }
        var bytes = unwrapInboundIn(data)
        if let count = bytes.withUnsafeReadableBytes({ Self.countBeforeLast($0) }),
            let first = bytes.readSlice(length: count)
        {
            pass(first, context)
            // What was passed on may have been the last request, or ended the connection.
            guard !watch.isDeaf, context.channel.isActive else { return }
        }
        pass(bytes, context)
    }

    private func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        watch.tookBytes(bytes)
        context.fireChannelRead(wrapInboundOut(bytes))
        watch.parsedBytes()
    }

    /// How many bytes to parse before the last one that is no end of a line; nil to parse all of them at once.
    static func countBeforeLast(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let end = bytes.count - 4
        // CR LF CR LF
        let emptyLine: UInt32 = 0x0a0d_0a0d
        if end >= 0, bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self).littleEndian == emptyLine { return nil }
        // Line ends before a request are no part of it (RFC 9112 §2.2).
        let last = bytes.lastIndex { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        return last == 0 ? nil : last
    }
}
