import ChatTerminal
import Testing

@Suite struct TableTests {
    @Test func `columns line up and the last one is not padded`() {
        var table = Table("NAME", "N", "TEXT")
        table.add("al", "100", "short")
        table.add("barbara", "2", "")
        #expect(table.lines() == ["NAME     N    TEXT", "al       100  short", "barbara  2    "])
    }

    @Test func `a table without rows shows its titles`() {
        #expect(Table("A", "B").lines() == ["A  B"])
    }

    @Test func `wide characters line up as a terminal shows them`() {
        var table = Table("TOPIC", "N")
        table.add("日本語", "1")
        table.add("e\u{301}te\u{301}", "2")
        #expect(table.lines() == ["TOPIC   N", "日本語  1", "e\u{301}te\u{301}     2"])
    }

    @Test func `each line fits a terminal`() {
        var table = Table("ROOM", "TOPIC")
        table.add("general", "a topic that is much too long for this terminal")
        table.add("red", "日本語日本語日本語日本語")
        let lines = table.lines(width: 30)
        #expect(lines == ["ROOM     TOPIC", "general  a topic that is much…", "red      日本語日本語日本語日…"])
        #expect(lines.allSatisfy { TextColumns.count($0) <= 30 })
        // Where there is no room for it, something of it is shown all the same.
        #expect(table.lines(width: 5)[1] == "general  a topic…")
    }
}
