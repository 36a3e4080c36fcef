import ChatSQL
import FoundationEssentials
import GRDB

/// An SQL function that tells whether a filter of the search index has all bits of a list.
enum FilterFunction {
    static let name = "has_bits"

    /// The list as the function's second argument.
    static func argument(_ bits: [UInt32]) -> [UInt8] {
        bits.flatMap { bit in (0..<4).map { UInt8(truncatingIfNeeded: bit >> ($0 * 8)) } }
    }

    static let function = DatabaseFunction(name, argumentCount: 2, pure: true) { values in
        guard values.count == 2, let filter = Data.fromDatabaseValue(values[0]),
            let list = Data.fromDatabaseValue(values[1])
        else { return false }
        return filter.withUnsafeBytes { filter in list.withUnsafeBytes { has(filter, $0) } }
    }

    private static func has(_ filter: UnsafeRawBufferPointer, _ list: UnsafeRawBufferPointer) -> Bool {
        guard filter.count.nonzeroBitCount == 1 else { return true }
        let mask = UInt32(truncatingIfNeeded: filter.count * 8 - 1)
        for start in stride(from: 0, to: list.count - 3, by: 4) {
            let bit = UInt32(littleEndian: list.loadUnaligned(fromByteOffset: start, as: UInt32.self)) & mask
            if filter[Int(bit >> 3)] & (1 << UInt8(bit & 7)) == 0 { return false }
        }
        return true
    }
}
