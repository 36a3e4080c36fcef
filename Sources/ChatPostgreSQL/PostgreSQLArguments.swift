import ChatSQL

/// The arguments of one run in the form of libpq: numbers and text in text format, bytes in binary format.
struct PostgreSQLArguments {
    private var buffer: [CChar] = []
    /// The offset of each argument in the buffer; nil for NULL.
    private var starts: [Int?] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []

    init(_ arguments: [SQLValue]) {
        starts.reserveCapacity(arguments.count)
        for argument in arguments {
            switch argument {
            case .null: add([] as [UInt8], format: nil)
            case .integer(let value): add(String(value).utf8, format: 0)
            case .text(let text): add(text.utf8, format: 0)
            case .bytes(let bytes): add(bytes, format: 1)
            }
        }
    }

    private mutating func add(_ bytes: some Sequence<UInt8>, format: CInt?) {
        starts.append(format == nil ? nil : buffer.count)
        let before = buffer.count
        buffer.append(contentsOf: bytes.lazy.map { CChar(bitPattern: $0) })
        lengths.append(CInt(buffer.count - before))
        formats.append(format ?? 0)
        buffer.append(0)
    }

    func withPointers<Value>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) -> Value
    ) -> Value {
        buffer.withUnsafeBufferPointer { bytes in
            let pointers = starts.map { start in start.flatMap { bytes.baseAddress?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress, lengths, formats) }
        }
    }
}
