import Testing

@testable import ChatTerminal

@Suite struct SecretLineTests {
    private func typed(_ keys: String) -> [SecretLine.Step] { typed(Array(keys.utf8)) }

    private func typed(_ keys: [UInt8]) -> [SecretLine.Step] {
        var line = SecretLine()
        return keys.map { line.take($0) }
    }

    @Test(arguments: [
        ("a long phrase\r", "a long phrase"), ("word\n", "word"), ("pässwörd\r", "pässwörd"), ("\r", ""),
        ("wrod\u{7f}\u{7f}\u{7f}ord\r", "word"), ("xä\u{8}y\r", "xy"), ("oops\u{15}word\r", "word"),
        ("w\u{1b}[Ao\u{1b}OBrd\u{1b}[3~\r", "word"), ("wo\trd\u{1}\r", "word"), ("word\u{4}\r", "word"),
        ("w\u{1b}xord\r", "wxord"),
    ])
    func `keys that edit are no part of it`(keys: String, expected: String) {
        #expect(typed(keys).last == .done(Array(expected.utf8)))
        #expect(typed(keys).dropLast().allSatisfy { $0 == .more })
    }

    @Test(arguments: ["\u{3}", "wo\u{3}", "\u{1c}", "wo\u{1c}"]) func `it can be given up`(keys: String) {
        #expect(typed(keys).last == .interrupted)
    }

    @Test func `it can end before it begins`() { #expect(typed("\u{4}") == [.ended]) }

    @Test func `a flood takes no memory`() {
        let step = typed([UInt8](repeating: 65, count: 100_000) + [13]).last
        #expect(step == .done([UInt8](repeating: 65, count: 4_096)))
    }
}
