import FoundationEssentials

/// The keys of the opening handshake (RFC 6455 §4.2.2).
package enum WebSocketHandshake {
    /// The `Sec-WebSocket-Accept` value for a client's key.
    package static func accept(_ key: String) -> String {
        let digest = SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Data(digest).base64EncodedString()
    }

    /// Returns true if a key is 16 bytes in base64 (§4.1).
    package static func isValid(key: String) -> Bool {
        Data(base64Encoded: key)?.count == 16
    }
}
