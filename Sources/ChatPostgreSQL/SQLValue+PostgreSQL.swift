import CPostgreSQL
import ChatSQL

extension SQLValue {
    /// A field of a result in binary format.
    init(_ result: OpaquePointer, row: CInt, column: CInt) {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
            self = .null
            return
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        // The object ids of types in the catalog pg_type: int8, int2, int4; bytea.
        switch PQftype(result, column) {
        case 20, 21, 23: self = .integer(Self.integer(bytes))
        case 17: self = .bytes(Array(bytes))
        default: self = .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// A signed number of one to eight bytes, big-endian.
    static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        let value = bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let unused = 64 - 8 * bytes.count
        return Int64(bitPattern: value << UInt64(unused)) >> Int64(unused)
    }
}
