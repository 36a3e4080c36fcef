import ChatCore

/// The link of a page of a list to the next one (RFC 8288 §3).
enum NextPage {
    /// The target of the first link with `rel="next"`; nil if there is none, and for one that leaves the server.
    ///
    /// - Parameter links: the values of the `Link` headers.
    static func target(of links: [String]) -> String? {
        for link in links.flatMap({ $0.split(separator: ",") }) {
            let link = link.drop { $0 == " " }
            guard link.first == "<", let end = link.firstIndex(of: ">") else { continue }
            let target = link[link.index(after: link.startIndex)..<end]
            let parameters = link[end...].dropFirst().split(separator: ";").map {
                $0.filter { $0 != " " && $0 != "\"" }
            }
            guard parameters.contains("rel=next") else { continue }
            return target.hasPrefix("/") && !target.hasPrefix("//") ? String(target) : nil
        }
        return nil
    }
}

extension ListPage<RoomName> {
    var query: [(String, String)] { Target.query(after: after?.text, most: most) }
}

extension ListPage<Username> {
    var query: [(String, String)] { Target.query(after: after?.text, most: most) }
}

extension Target {
    /// The query of a part of a list.
    static func query(after: String?, most: Int?) -> [(String, String)] {
        let limit = most.map { ("limit", String(max(1, min($0, Limits.listPage)))) }
        return [after.map { ("after", $0) }, limit].compactMap { $0 }
    }
}
