import CPostgreSQL
import ChatCore
import ChatSQL

/// The arguments of one run as libpq takes them: numbers and text as text, bytes as they are.
struct PostgreSQLArguments {
    private var buffer: [CChar] = []
    /// Where each argument begins in the buffer, nil for NULL.
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

extension SQLValue {
    /// A field of a result in binary format.
    init(_ result: OpaquePointer, row: CInt, column: CInt) {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
            self = .null
            return
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        // The numbers of types in PostgreSQL's catalog pg_type.
        switch PQftype(result, column) {
        case 20, 21, 23: self = .integer(Self.integer(bytes))
        case 17: self = .bytes(Array(bytes))
        default: self = .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Two, four or eight bytes, the highest first.
    private static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        let value = bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let unused = 64 - 8 * bytes.count
        return Int64(bitPattern: value << UInt64(unused)) >> Int64(unused)
    }
}
