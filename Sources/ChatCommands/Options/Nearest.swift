/// Finds what a mistyped word was probably meant to be.
///
/// The work is bounded: a word is compared only while it can still be near enough, and what is longer than any name is not
/// compared at all.
enum Nearest {
    /// No name is longer.
    private static let longest = 128

    /// The word of `words` that takes the fewest edits, nil when even that one takes so many that it would be a guess.
    static func word(to typed: String, among words: some Sequence<String>) -> String? {
        guard typed.count <= longest else { return nil }
        let typed = typed.lowercased()
        let most = typed.count <= 3 ? 1 : typed.count / 3
        var best: (word: String, edits: Int)?
        for word in words {
            // A word that was only begun is as good as one with a slip, but not better.
            let isBegun = word.hasPrefix(typed)
            let limit = isBegun ? longest : most
            guard let edits = edits(from: typed, to: word, atMost: limit), edits < best?.edits ?? .max else { continue }
            best = (word, edits)
        }
        return best?.word
    }

    /// How many letters to insert, remove or replace, or neighbours to swap (the optimal string alignment distance).
    ///
    /// - Returns: nil if it takes more than `limit`.
    static func edits(from typed: String, to word: String, atMost limit: Int = longest) -> Int? {
        let (typed, word) = (Array(typed), Array(word))
        guard abs(typed.count - word.count) <= limit else { return nil }
        var (beforeLast, last) = ([Int](), Array(0...word.count))
        for (row, letter) in typed.enumerated() {
            var next = [row + 1]
            for (column, other) in word.enumerated() {
                var least = min(last[column + 1] + 1, next[column] + 1)
                least = min(least, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == word[column - 1], typed[row - 1] == other {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                next.append(least)
            }
            // A swap may come back from the row before, by one edit at least.
            guard min(next.min() ?? 0, last.min() ?? 0) <= limit else { return nil }
            (beforeLast, last) = (last, next)
        }
        return last[word.count] <= limit ? last[word.count] : nil
    }
}
