/// Finds what a mistyped word was probably meant to be.
enum Nearest {
    /// The word of `words` that takes the fewest edits, nil when even that one takes so many that it would be a guess.
    static func word(to typed: String, among words: some Sequence<String>) -> String? {
        let most = typed.count <= 3 ? 1 : typed.count / 3
        return words.map { ($0, edits(from: typed.lowercased(), to: $0)) }
            .filter { $0.1 <= most || $0.0.hasPrefix(typed.lowercased()) }.min { $0.1 < $1.1 }?.0
    }

    /// How many letters to insert, remove or replace, or neighbours to swap (the optimal string alignment distance).
    static func edits(from typed: String, to word: String) -> Int {
        let (typed, word) = (Array(typed), Array(word))
        var rows = [Array(0...word.count)]
        for (row, letter) in typed.enumerated() {
            var next = [row + 1]
            for (column, other) in word.enumerated() {
                var least = min(rows[row][column + 1] + 1, next[column] + 1)
                least = min(least, rows[row][column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == word[column - 1], typed[row - 1] == other {
                    least = min(least, rows[row - 1][column - 1] + 1)
                }
                next.append(least)
            }
            rows.append(next)
        }
        return rows[typed.count][word.count]
    }
}
