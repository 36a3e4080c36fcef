import ChatCore

// The server's frames are searched as bytes and not parsed: the generator must cost less than what it measures.

/// The frame that joins a room.
enum JoinFrame {
    static func text(_ room: RoomName) -> [UInt8] { Array("{\"event\":\"join\",\"room\":\"\(room)\"}".utf8) }
}

/// The frame that says a message is stored.
enum AckFrame {
    private static let name = Array("\"ack\"".utf8)

    /// The number that was sent as `ref`; nil for any other frame.
    static func ref(in payload: UnsafeRawBufferPointer) -> Int? {
        payload.end(of: name) == nil ? nil : RefField.value(in: payload)
    }
}

/// The field with which the server's frames refer to a client's frame.
enum RefField {
    private static let name = Array("\"ref\":".utf8)

    static func value(in payload: UnsafeRawBufferPointer) -> Int? { payload.number(behind: name) }
}

/// The answer to a join.
enum JoinedFrame {
    private static let name = Array("\"joined\"".utf8)
    private static let event = Array("\"event\":".utf8)

    /// Looks at the event, because presence frames have a field of the same name.
    static func matches(_ payload: UnsafeRawBufferPointer) -> Bool {
        guard let start = payload.end(of: event) else { return false }
        return payload[start...].drop { $0 == UInt8(ascii: " ") }.starts(with: name)
    }
}

/// The frame that says how many users are online in a room.
enum CountFrame {
    private static let counter = Array("\"online_count\":".utf8)

    static func count(in payload: UnsafeRawBufferPointer) -> Int? { payload.number(behind: counter) }
}

extension UnsafeRawBufferPointer {
    /// Where the bytes behind the first `needle` begin, within the first 128.
    func end(of needle: [UInt8]) -> Int? {
        var start = 0
        while start + needle.count <= Swift.min(count, 128) {
            if (0..<needle.count).allSatisfy({ self[start + $0] == needle[$0] }) { return start + needle.count }
            start += 1
        }
        return nil
    }

    /// The whole number behind a field's name, of at most 18 digits.
    fileprivate func number(behind name: [UInt8]) -> Int? {
        guard var index = end(of: name) else { return nil }
        while index < count, self[index] == UInt8(ascii: " ") { index += 1 }
        let start = index
        var value = 0
        while index < count, self[index] >= 0x30, self[index] <= 0x39 {
            guard index - start < 18 else { return nil }
            value = value * 10 + Int(self[index] - 0x30)
            index += 1
        }
        return index > start ? value : nil
    }
}
