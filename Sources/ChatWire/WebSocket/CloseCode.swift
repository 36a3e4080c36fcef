/// WebSocket close codes: those of RFC 6455 §7.4.1 and our own (docs/protocol.md, "Close codes").
package enum CloseCode: UInt16, Sendable, CaseIterable {
    case normal = 1000
    case goingAway = 1001
    case protocolError = 1002
    case unsupportedData = 1003
    case invalidText = 1007
    case tooBig = 1009
    case internalError = 1011
    case sessionEnded = 4001
    case forbidden = 4003
    case tooSlow = 4008
}
