/// Decimal numbers as text, without the rounding noise of binary ones.
enum Decimals {
    static func text(_ value: Double, places: Int) -> String {
        guard value.isFinite else { return "0" }
        let factor = (0..<places).reduce(1.0) { product, _ in product * 10 }
        let scaled = Int64((abs(value) * factor).rounded())
        let (whole, part) = (scaled / Int64(factor), scaled % Int64(factor))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard part > 0 else { return "\(sign)\(whole)" }
        let digits = String(part)
        let padded = String(repeating: "0", count: places - digits.count) + digits
        return "\(sign)\(whole)." + String(padded.reversed().drop { $0 == "0" }.reversed())
    }

    /// A whole number with a comma before each three digits.
    static func grouped(_ value: Double) -> String {
        let digits = String(Int64(max(0, value.rounded())))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }
}
