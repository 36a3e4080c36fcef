/// A check that every tag of a page is closed where it should be.
enum Markup {
    private static let void: Set<Substring> = ["meta", "br", "img", "hr", "link", "input"]

    /// What is wrong first; nil when nothing is.
    static func fault(in page: String) -> String? {
        var open: [Substring] = []
        for part in page.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
            guard let end = part.firstIndex(of: ">") else { return "a < within <\(part)" }
            let tag = part[..<end]
            guard tag.count(where: { $0 == "\"" }).isMultiple(of: 2) else { return "odd quotation marks in \(tag)" }
            guard !part[part.index(after: end)...].contains(">") else { return "a > behind <\(tag)>" }
            let name = tag.prefix { $0 != " " && $0 != "/" }
            if tag.hasPrefix("/") {
                guard open.last == tag.dropFirst() else { return "<\(tag)> closes \(open.last ?? "nothing")" }
                open.removeLast()
            } else if !tag.hasPrefix("!"), !tag.hasSuffix("/"), !void.contains(name) {
                open.append(name)
            }
        }
        return open.last.map { "\($0) is open at the end" }
    }
}
