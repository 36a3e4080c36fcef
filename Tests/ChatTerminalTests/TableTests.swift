import ChatTerminal
import Testing

@Suite struct TableTests {
    @Test func `columns line up and the last one is not padded`() {
        var table = Table("NAME", "N", "TEXT")
        table.add("al", "100", "short")
        table.add("barbara", "2", "")
        #expect(table.lines == ["NAME     N    TEXT", "al       100  short", "barbara  2    "])
    }

    @Test func `a table without rows shows its titles`() {
        #expect(Table("A", "B").lines == ["A  B"])
    }
}
