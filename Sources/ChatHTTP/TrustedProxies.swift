import ChatCore
import Glibc

/// The proxies that are believed when they say in `X-Forwarded-For` where a request came from.
package struct TrustedProxies: Sendable {
    /// An address or a network (RFC 4632): the leading `bits` of `bytes` count.
    private struct Network: Sendable {
        let bytes: [UInt8]
        let bits: Int

        init?(_ text: String) {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let bytes = TrustedProxies.bytes(of: String(parts[0])) else { return nil }
            self.bytes = bytes
            guard parts.count == 2 else {
                bits = bytes.count * 8
                return
            }
            guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits), parts[1].first != "+" else {
                return nil
            }
            self.bits = bits
        }

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == bytes.count else { return false }
            let (whole, rest) = (bits / 8, bits % 8)
            guard address.prefix(whole) == bytes.prefix(whole) else { return false }
            return rest == 0 || (address[whole] ^ bytes[whole]) >> (8 - rest) == 0
        }
    }

    private let networks: [Network]

    /// None: nobody is believed.
    package init() {
        networks = []
    }

    /// - Parameter networks: addresses, or networks such as `10.0.0.0/8` and `fd00::/8`.
    /// - Throws: `usage`.
    package init(_ networks: [String]) throws(ChatError) {
        var all: [Network] = []
        for text in networks {
            guard let network = Network(text) else {
                throw ChatError(
                    .usage, "trusted proxy '\(text)': not an address or a network",
                    hint: "write it like 10.0.0.0/8 or ::1")
            }
            all.append(network)
        }
        self.networks = all
    }

    package func trusts(_ address: String) -> Bool {
        guard !networks.isEmpty, let bytes = Self.bytes(of: address) else { return false }
        return networks.contains { $0.contains(bytes) }
    }

    /// The address a request came from: the last one in the chain of `X-Forwarded-For` and the peer that is no trusted
    /// proxy. What stands before it can be written by anyone.
    ///
    /// - Parameter forwardedFor: the header's values, in order.
    package func client(of peer: String, forwardedFor: [String]) -> String {
        var client = peer
        var chain = forwardedFor.flatMap { $0.split(separator: ",").map { String($0.trimmingBlanks) } }
        while trusts(client), let earlier = chain.popLast(), Self.bytes(of: earlier) != nil { client = earlier }
        return client
    }

    /// The bytes of an address; those of IPv4 also for its form in IPv6 (RFC 4291 §2.5.5.2). See inet_pton(3).
    private static func bytes(of text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let isMapped = sixteen.prefix(10).allSatisfy { $0 == 0 } && sixteen[10...11].allSatisfy { $0 == 0xff }
        return isMapped ? Array(sixteen.suffix(4)) : sixteen
    }
}
