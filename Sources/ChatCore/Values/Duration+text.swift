extension Duration {
    /// Parses whole numbers with units, each unit once and the longer ones first, such as `500ms`, `10s`, `1h30m`, `30d`
    /// or `2w`; nil for anything else, and for more than the longest of ``Limits/lives``.
    package init?(chatText text: String) {
        let units: [(name: Substring, milliseconds: Int64)] = [
            ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
        ]
        let longest = Limits.lives.upperBound.milliseconds
        var (rest, next, total) = (text[...], 0, Int64(0))
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            let name = rest.prefix { $0.isLetter }
            rest = rest[name.endIndex...]
            guard let count = Int64(digits), let index = units[next...].firstIndex(where: { $0.name == name }),
                count <= (longest - total) / units[index].milliseconds
            else { return nil }
            total += count * units[index].milliseconds
            next = index + 1
        } while !rest.isEmpty
        self = .milliseconds(total)
    }
}
