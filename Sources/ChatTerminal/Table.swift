/// Columns of text that line up.
package struct Table {
    private var rows: [[String]]

    package init(_ titles: String...) {
        rows = [titles]
    }

    package mutating func add(_ cells: String...) { rows.append(cells) }

    /// One line a row, the titles first; the last column is not padded.
    ///
    /// - Parameter width: the columns of the terminal, into which each line is to fit: text of the last column is cut off,
    ///   and keeps a few columns in any case. nil where nobody looks at a screen, and everything is shown.
    package func lines(width: Int? = nil) -> [String] {
        let widths = rows.reduce(into: [Int](repeating: 0, count: rows[0].count)) { widths, row in
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], TextColumns.count(cell)) }
        }
        let front = widths.dropLast().reduce(0) { $0 + $1 + 2 }
        let room = width.map { max(Self.least, $0 - front) }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                guard index == row.count - 1 else {
                    return cell + String(repeating: " ", count: widths[index] - TextColumns.count(cell))
                }
                return room.map { TextColumns.cut(cell, to: $0) } ?? cell
            }
            return cells.joined(separator: "  ")
        }
    }

    /// Columns that say at least what a text is about.
    private static let least = 8
}
