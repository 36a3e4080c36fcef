import ChatCore
import Testing

@testable import ChatCommands

@Suite struct ReplWordsTests {
    private let variables = ["NAME": "two words", "N": "7"]

    @Test(
        arguments: [
            ("room list", ["room", "list"]), ("  a \t b ", ["a", "b"]), ("", []),
            ("topic 'two words' \"and more\"", ["topic", "two words", "and more"]), ("a''b \"\"", ["ab", ""]),
            (#"\d+ a\ b \'x \\ \n"#, [#"\d+"#, "a b", "'x", #"\"#, #"\n"#]),
            (#"'\d $N' "\$N \" \d""#, [#"\d $N"#, #"$N " \d"#]),
            ("$NAME \"$NAME\" ${N}th $", ["two words", "two words", "7th", "$"]), ("^done$", ["^done$"]),
            ("é😀 '日本 語'", ["é😀", "日本 語"]),
        ])
    func `a line becomes words`(line: String, words: [String]) throws {
        #expect(try ReplWords.split(line, variables) == words)
    }

    @Test(arguments: ["'open", "\"open", "a 'b' \"c", "$UNSET", "\"${UNSET}\""])
    func `a quote without its end and a variable that is not set are refused`(line: String) {
        #expect { try ReplWords.split(line, variables) } throws: { ($0 as? ChatError)?.code == .usage }
    }

    @Test func `in a text only variables that are set are replaced`() throws {
        let text = try ReplWords.expanded("$N costs $5, ${NAME} $OTHER it's $", variables)
        #expect(text == "7 costs $5, two words $OTHER it's $")
    }

    @Test func `names are like those of a shell`() {
        for name in ["A", "_a1", "seq"] { #expect(ReplWords.isName(name), "\(name)") }
        for name in ["", "1a", "a-b", "é", "a b"] { #expect(!ReplWords.isName(name), "\(name)") }
    }
}
