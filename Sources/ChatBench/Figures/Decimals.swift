/// Decimal numbers as text and back, without the rounding noise of binary fractions.
enum Decimals {
    /// Larger numbers are written as this one; they would not fit into Int64.
    private static let greatest = 9e18

    /// At most `places` decimal places, without trailing zeros; `0` for what is not finite.
    static func text(_ value: Double, places: Int) -> String {
        guard value.isFinite else { return "0" }
        let factor = (0..<places).reduce(1.0) { product, _ in product * 10 }
        let scaled = Int64(min((abs(value) * factor).rounded(), greatest))
        let (whole, part) = (scaled / Int64(factor), scaled % Int64(factor))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard part > 0 else { return "\(sign)\(whole)" }
        let digits = String(part)
        let padded = String(repeating: "0", count: places - digits.count) + digits
        return "\(sign)\(whole)." + String(padded.reversed().drop { $0 == "0" }.reversed())
    }

    /// A whole number with thousands separators; `0` for a negative one and for what is not finite.
    static func grouped(_ value: Double) -> String {
        let digits = value.isFinite ? String(Int64(min(max(0, value.rounded()), greatest))) : "0"
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// Reads digits with at most one decimal point between them; nil for anything else, signs and exponents included,
    /// and for what is more than 10¹⁵.
    static func value(_ text: some StringProtocol) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return Double(text).flatMap { $0 <= 1e15 ? $0 : nil }
    }
}
