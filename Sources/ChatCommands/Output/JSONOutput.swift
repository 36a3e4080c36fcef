import ChatCore
import ChatWire

/// The JSON documents of the command line; the shapes come from the wire.
enum JSONOutput {
    static func error(_ error: ChatError) -> [UInt8] { JSON.document { $0.error(error) } }
}
