extension Duration {
    /// Parses a whole number with a unit, such as `500ms`, `10s`, `5m`, `1h` or `30d`; nil for anything else.
    package init?(chatText text: String) {
        let units: [(suffix: String, milliseconds: Int64)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let count = Int64(text.dropLast(unit.suffix.count)), count >= 0, text.first != "+"
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, product <= Limits.longestLife.milliseconds else { return nil }
        self = .milliseconds(product)
    }
}
