import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct PasswordInputTests {
    @Test(arguments: [
        ("a long phrase", "a long phrase"), ("first\nsecond\n", "first"), ("windows\r\n", "windows"),
        (" with spaces \n", " with spaces "), ("pässwörd\n", "pässwörd"),
    ])
    func `the first line is the password`(text: String, expected: String) throws {
        #expect(try PasswordInput.piped(TextInput(text)) == expected)
    }

    @Test func `nothing, an empty line, bytes that are no text and a flood are refused`() {
        let inputs = [
            TextInput(), TextInput("\nsecond\n"), TextInput([[0xff, 0xfe]]),
            TextInput(String(repeating: "x", count: 65_537)),
        ]
        for input in inputs {
            #expect { try PasswordInput.piped(input) } throws: { ($0 as? ChatError)?.code == .invalidInput }
        }
    }

    @Test func `a terminal is asked, and nothing is read from it`() throws {
        let terminal = TextInput("piped\n", isTerminal: true, answers: ["typed"])
        #expect(try PasswordInput.ask("Password: ", terminal) == "typed")
        #expect(try terminal.read() == Array("piped\n".utf8))
    }

    @Test func `a terminal that gives nothing is a wrong usage`() {
        let terminal = TextInput(isTerminal: true)
        #expect { try PasswordInput.ask("Password: ", terminal) } throws: { ($0 as? ChatError)?.code == .usage }
    }

    @Test func `a password that is set is asked for twice`() throws {
        let twice = TextInput(isTerminal: true, answers: ["a long phrase", "a long phrase"])
        #expect(try PasswordInput.askTwice("Password: ", twice) == "a long phrase")
        for answers in [["a long phrase", "a lnog phrase"], ["short", "short"]] {
            let terminal = TextInput(isTerminal: true, answers: answers)
            #expect {
                try PasswordInput.askTwice("Password: ", terminal)
            } throws: { ($0 as? ChatError)?.code == .invalidInput }
        }
        let gone = TextInput(isTerminal: true, answers: ["a long phrase"])
        #expect { try PasswordInput.askTwice("Password: ", gone) } throws: { ($0 as? ChatError)?.code == .usage }
        #expect(try PasswordInput.askTwice("Password: ", TextInput("a long phrase\n")) == "a long phrase")
    }

    @Test func `without a terminal the password is what is piped in`() throws {
        #expect(try PasswordInput.ask("Password: ", TextInput("piped\n", answers: ["typed"])) == "piped")
    }

    @Test func `generated passwords are long, easy to read and different`() {
        let passwords = (0..<50).map { _ in PasswordInput.generate() }
        #expect(Set(passwords).count == 50)
        #expect(passwords.allSatisfy { $0.count == 20 && !$0.contains { "lI1O0".contains($0) } })
    }
}
