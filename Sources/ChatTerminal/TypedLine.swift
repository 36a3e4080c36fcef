/// Where the cursor of a half-typed line stands on a terminal that breaks it into rows, as libedit (refresh.c) does it.
struct TypedLine {
    /// The prompt and what stands before the cursor.
    let text: [Unicode.Scalar]

    /// The row of the cursor; 0 is the one where the prompt begins.
    ///
    /// - Parameter width: the columns that a character takes; those that take none are shown on the one before.
    func row(columns: Int, width: (Unicode.Scalar) -> Int) -> Int {
        guard columns > 0 else { return 0 }
        var (row, column) = (0, 0)
        for scalar in text {
            if scalar == "\n" {
                (row, column) = (row + 1, 0)
                continue
            }
            let columnsTaken = Self.isControl(scalar) ? 2 : max(0, width(scalar))
            // A wide character does not begin in the last column.
            if column + columnsTaken > columns { (row, column) = (row + 1, 0) }
            column += columnsTaken
            if column >= columns { (row, column) = (row + 1, 0) }
        }
        return row
    }

    /// The beginning that all these words have in common.
    static func commonPrefix(of words: [String]) -> String {
        guard var prefix = words.first else { return "" }
        for word in words.dropFirst() { while !word.hasPrefix(prefix) { prefix.removeLast() } }
        return prefix
    }

    /// Shown as `^A`.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || scalar.value == 0x7f }
}
