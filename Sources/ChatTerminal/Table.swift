/// Columns of text that line up.
package struct Table {
    private var rows: [[String]]

    package init(_ titles: String...) {
        rows = [titles]
    }

    package mutating func add(_ cells: String...) { rows.append(cells) }

    /// One line a row, the titles first; the last column is not padded.
    package var lines: [String] {
        let widths = rows.reduce(into: [Int](repeating: 0, count: rows[0].count)) { widths, row in
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
        }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            return cells.joined(separator: "  ")
        }
    }
}
