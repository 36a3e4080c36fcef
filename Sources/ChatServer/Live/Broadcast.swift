import ChatCore
import Glibc

// The fan-out bypasses NIO and writes with send(2): per delivery, NIO's write path adds half the cost of the system
// call itself, and with one message in flight the system call is all there is. A socket that accepts only part of the
// bytes is handed over to NIO until it has caught up, so slow readers cost the others nothing.

/// Sends one buffer to all subscribers of a room.
enum Broadcast {
    /// For up to this many subscribers, the bytes go into each connection's queue instead, where they leave in one
    /// system call together with the frames of the connection's other rooms and its acknowledgements.
    static let fewSubscribers = 8

    /// Sends a room's pending frames to every subscriber in one write.
    static func sendPending(of channel: RoomChannel, by ring: SendRing?) {
        let (all, multiplexed) = channel.takePending()
        if multiplexed.isEmpty { return send(all, to: channel, by: ring) }
        // The room has one-room and multiplexed connections, and some frames are only for the latter: send per
        // connection.
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
        // Delivering may drop a connection and so change the channel: only after the loop.
        for (subscription, sent) in rest {
            subscription.deliver(sent == 0 ? bytes : Array(bytes[sent...]))
        }
    }

    /// Returns the number of bytes the socket accepted; 0 if it is full or broken, which NIO will detect.
    static func sendNow(_ buffer: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        return max(0, Glibc.send(descriptor, buffer.baseAddress, buffer.count, flags))
    }
}
