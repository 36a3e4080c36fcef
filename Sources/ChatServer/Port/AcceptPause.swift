import ChatCore
import Glibc
import NIOCore

/// Stops accepting for a moment when the system has no descriptors or memory left for another connection: the listening
/// socket stays readable then, and accepting would fail thousands of times a second. See accept(2), "ERRORS".
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private static let pause: TimeAmount = .milliseconds(500)

    private let chat: Chat
    private var isPaused = false

    init(chat: Chat) {
        self.chat = chat
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) else {
            return context.fireErrorCaught(error)
        }
        guard !isPaused else { return }
        isPaused = true
        chat.report(.cannotAccept(reason: String(cString: strerror(code))))
        let channel = context.channel
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.isPaused = false
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }
}
