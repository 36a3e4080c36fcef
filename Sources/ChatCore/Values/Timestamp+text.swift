// RFC 3339 text of timestamps. The civil calendar is computed here because the core does not import Foundation. Days
// are counted from 1 March, so that the leap day is the last of its year, in eras of 400 years.

extension Timestamp {
    /// RFC 3339 in UTC with milliseconds, `2026-11-23T17:26:56.682Z`.
    package var rfc3339: String {
        String(unsafeUninitializedCapacity: 24) { bytes in
            writeRFC3339(into: bytes)
            return 24
        }
    }

    /// Writes the 24 bytes of ``rfc3339`` to the start of `bytes`.
    package func writeRFC3339(into bytes: UnsafeMutableBufferPointer<UInt8>) {
        let (days, time) = Self.split(milliseconds, by: 86_400_000)
        let (year, month, day) = Self.civil(days: days)
        func put(_ value: Int64, _ digits: Int, at index: Int) {
            var rest = value
            for position in stride(from: index + digits - 1, through: index, by: -1) {
                bytes[position] = UInt8(48 + rest % 10)
                rest /= 10
            }
        }
        put(year, 4, at: 0)
        put(month, 2, at: 5)
        put(day, 2, at: 8)
        put(time / 3_600_000, 2, at: 11)
        put(time / 60_000 % 60, 2, at: 14)
        put(time / 1_000 % 60, 2, at: 17)
        put(time % 1_000, 3, at: 20)
        for (index, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "."), (23, "Z")] {
            bytes[index] = mark.utf8.first ?? 0
        }
    }

    /// Parses RFC 3339 §5.6 with a time zone, or a date alone as midnight UTC; nil for anything else.
    package init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        var milliseconds = Self.days(year: year, month: month, day: day) * 86_400_000
        guard !reader.atEnd else {
            self.init(milliseconds: milliseconds)
            return
        }
        guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.number(2), reader.take(":"),
            let minute = reader.number(2), reader.take(":"), let second = reader.number(2),
            hour < 24, minute < 60, second < 61
        else { return nil }
        let fraction = reader.take(".") ? reader.fraction() : 0
        guard let fraction, let offset = reader.zone(), reader.atEnd else { return nil }
        milliseconds += hour * 3_600_000 + minute * 60_000 + second * 1_000 + fraction - offset * 60_000
        self.init(milliseconds: milliseconds)
    }

    private static func split(_ value: Int64, by unit: Int64) -> (Int64, Int64) {
        let quotient = value >= 0 ? value / unit : -((-value + unit - 1) / unit)
        return (quotient, value - quotient * unit)
    }

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, ofEra) = split(days + 719_468, by: 146_097)
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * ofYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * march + 2) / 5 + 1)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = split(shifted, by: 400)
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear - 719_468
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Int(month - 1)]
    }
}

/// Parses fixed-width numbers from the front of a text.
private struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    var atEnd: Bool { rest.isEmpty }

    mutating func take(_ mark: Character) -> Bool {
        guard let first = rest.first, first == mark.asciiValue else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let byte = rest.first, (48...57).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 48)
            rest = rest.dropFirst()
        }
        return value
    }

    /// The digits after the decimal point, truncated to milliseconds.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var digits = 0
        while let byte = rest.first, (48...57).contains(byte) {
            if digits < 3 { value = value * 10 + Int64(byte - 48) }
            digits += 1
            rest = rest.dropFirst()
        }
        guard digits > 0 else { return nil }
        return digits == 1 ? value * 100 : digits == 2 ? value * 10 : value
    }

    /// The zone's offset from UTC in minutes (RFC 3339 §5.6: at most 23:59).
    mutating func zone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 60 + minutes)
    }
}
