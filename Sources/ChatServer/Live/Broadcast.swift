import ChatCore
import Glibc

// The fan-out writes with send(2) past NIO: per delivery NIO's write path costs half as much again as the
// system call itself, and at one message in flight the system call is all there is. A socket that takes less
// than everything is handed over to NIO until it has caught up, so slow readers cost the others nothing.

/// Sends one buffer to all subscribers of a room.
enum Broadcast {
    /// Up to this many subscribers the bytes go into each connection's queue instead: there they leave together
    /// with the frames of the connection's other rooms and its acknowledgements, in one system call.
    static let fewSubscribers = 8

    /// Sends what a room has gathered, to everyone in one write.
    static func sendPending(of channel: RoomChannel, by ring: SendRing?) {
        let (all, multiplexed) = channel.takePending()
        if multiplexed.isEmpty { return send(all, to: channel, by: ring) }
        // Both forms in one room, and a frame for one of them: the others' connections sort it out.
        guard channel.oneRoomCount == 0 else {
            for subscription in channel.subscriptions {
                subscription.deliver(subscription.connection.isMultiplexed ? all + multiplexed : all)
            }
            return
        }
        send(all + multiplexed, to: channel, by: ring)
    }

    private static func send(_ bytes: [UInt8], to channel: RoomChannel, by ring: SendRing?) {
        guard channel.descriptors.count > fewSubscribers else {
            for subscription in channel.subscriptions { subscription.deliver(bytes) }
            return
        }
        var rest: [(Subscription, sent: Int)] = []
        func fellShort(_ index: Int, _ sent: Int) { rest.append((channel.subscriptions[index], sent)) }
        bytes.withUnsafeBytes { buffer in
            for (index, descriptor) in channel.descriptors.enumerated() {
                if descriptor < 0 {
                    fellShort(index, 0)
                } else if let ring {
                    ring.add(buffer, to: descriptor, tag: index)
                    if ring.isFull { ring.submit(fellShort) }
                } else {
                    let sent = sendNow(buffer, to: descriptor)
                    if sent < buffer.count { fellShort(index, sent) }
                }
            }
            ring?.submit(fellShort)
        }
        // Handing over may drop a connection and so change the channel: only after the walk.
        for (subscription, sent) in rest {
            subscription.deliver(sent == 0 ? bytes : Array(bytes[sent...]))
        }
    }

    /// The number of bytes the socket took; 0 when it is full or broken, which NIO will find out.
    static func sendNow(_ buffer: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        return max(0, Glibc.send(descriptor, buffer.baseAddress, buffer.count, flags))
    }
}
