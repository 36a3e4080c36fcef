import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct TailCursorTests {
    private let folder: TemporaryFolder
    private var file: String { folder.path + "/cursor" }
    private let red = RoomName(stored: "red")
    private let general = RoomName(stored: "general")

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `each room has its position, also for the next run`() throws {
        var cursor = try TailCursor(file: file)
        #expect(cursor[red] == nil)
        try cursor.advance(red, to: 7)
        try cursor.advance(general, to: 3)
        try cursor.advance(red, to: 8)
        for cursor in [cursor, try TailCursor(file: file)] {
            #expect(cursor[red] == 8 && cursor[general] == 3)
        }
    }

    @Test func `the file is there from the first run on`() throws {
        _ = try TailCursor(file: file)
        #expect(try folder.read("cursor") == "{}")
    }

    @Test func `without a file nothing is kept`() throws {
        var cursor = try TailCursor(file: nil)
        try cursor.advance(red, to: 7)
        #expect(cursor[red] == nil)
    }

    @Test(arguments: ["", "[]", "{\"red\":\"7\"}", "not a cursor"])
    func `another file is not taken for a cursor, and is left alone`(text: String) throws {
        try folder.write(text, to: "cursor")
        #expect { try TailCursor(file: file) } throws: { error in
            let error = error as? ChatError
            return error?.code == .configuration && error?.message.contains("not a cursor file") == true
        }
        #expect(try folder.read("cursor") == text)
    }

    @Test func `a file that cannot be written is refused at once`() {
        #expect { try TailCursor(file: "/proc/nope/cursor") } throws: { ($0 as? ChatError)?.code == .configuration }
    }
}
