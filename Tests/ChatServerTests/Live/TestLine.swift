import ChatCore
import ChatTestKit
import ChatWire
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import ChatServer

/// One client's connection to a server without a port.
final class TestLine: Sendable {
    let node: TestNode
    let alice: User
    let root: User
    let token: String
    let tokenID: Int64
    let channel: NIOAsyncTestingChannel
    let kind: EventLoopPromise<UpgradableChannel.Kind>

    /// A server with the public room `general` and the private room `secret`, in which `alice` is not.
    init() async throws {
        node = try await TestNode(in: TemporaryFolder(), serves: false)
        alice = try await node.makeUser("alice")
        let issued = try await node.service(for: alice).createToken(for: alice.username, label: "", life: nil)
        (token, tokenID) = (issued.secret, issued.token.id)
        root = try await node.makeUser("root", role: .admin)
        for (name, isPrivate) in [("general", false), ("secret", true)] {
            _ = try await node.service(for: root).createRoom(
                NewRoom(name: RoomName(name), isPrivate: isPrivate, topic: "", members: []))
        }
        channel = NIOAsyncTestingChannel()
        kind = channel.eventLoop.makePromise(of: UpgradableChannel.Kind.self)
        let live = LiveContext(chat: node.chat, group: channel.testingEventLoop)
        try await node.chat.startServing(as: "node", hubs: live.hubs)
        let settings = LiveSettings(context: live, origins: ["https://friend.example"], usesTLS: false)
        try await channel.testingEventLoop.executeInContext { [channel, kind] in
            let encoder = HTTPResponseEncoder()
            let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
            let watch = RequestWatch(chat: settings.context.chat)
            let bytes = ByteWatch(watch)
            let gate = UpgradeGate(
                encoder: encoder, decoder: decoder, watch: watch, bytes: bytes, settings: settings,
                logger: Logger(label: "test"), kind: kind)
            try channel.pipeline.syncOperations.addHandlers([bytes, encoder, decoder, watch, gate])
        }
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(frame text: String) async throws {
        try await send(WebSocketFrame.encode(.text, Array(text.utf8), mask: 0x0102_0304))
    }

    /// What the server does about an error of the connection is what a test looks at.
    func send(_ bytes: [UInt8]) async throws { _ = try? await channel.writeInbound(ByteBuffer(bytes: bytes)) }

    /// What the server sends up to the first of some texts.
    func received(until texts: String...) async throws -> String {
        var all = ""
        let arrived = try await eventually {
            await channel.testingEventLoop.run()
            while let part = try await channel.readOutbound(as: ByteBuffer.self) {
                all += String(decoding: part.readableBytesView, as: UTF8.self)
            }
            return texts.contains { all.contains($0) }
        }
        #expect(arrived, "none of \(texts) came: \(all)")
        return all
    }

    func close() async {
        kind.succeed(.finished)
        _ = try? await channel.finish(acceptAlreadyClosed: true)
        await node.close()
    }
}
