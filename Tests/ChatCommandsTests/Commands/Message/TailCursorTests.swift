import ChatCore
import ChatTestKit
import Testing

@testable import ChatCommands

@Suite struct TailCursorTests {
    private let folder: TemporaryFolder
    private var file: String { folder.path + "/cursor" }
    private let red = RoomName(stored: "red")
    private let blue = RoomName(stored: "blue")

    init() throws {
        folder = try TemporaryFolder()
    }

    private func log(_ room: RoomName, _ epoch: String, lastSeq: Int64 = 10) -> RoomLog {
        RoomLog(name: room, epoch: epoch, lastSeq: lastSeq)
    }

    @Test func `each room has its position, also for the next run`() throws {
        var cursor = try TailCursor(file: file)
        #expect(cursor.start(of: log(red, "e1")) == .first)
        try cursor.advance(red, epoch: "e1", to: 7)
        try cursor.advance(blue, epoch: "e2", to: 3)
        try cursor.advance(red, epoch: "e1", to: 8)
        cursor = try TailCursor(file: file)
        #expect(cursor.start(of: log(red, "e1")) == .after(8) && cursor.start(of: log(blue, "e2")) == .after(3))
    }

    @Test func `a position is of a log, whatever its room is called`() throws {
        var cursor = try TailCursor(file: file)
        try cursor.begin([(log(red, "e1"), 7), (log(blue, "e2"), 3)])
        cursor = try TailCursor(file: file)
        #expect(cursor.start(of: log(blue, "e1")) == .after(7) && cursor.start(of: log(red, "e2")) == .after(3))
        #expect(cursor.start(of: log(RoomName(stored: "green"), "e1")) == .after(7))
    }

    @Test func `another log under a known name begins anew, in whatever order the rooms come`() throws {
        var cursor = try TailCursor(file: file)
        try cursor.advance(red, epoch: "e1", to: 7)
        cursor = try TailCursor(file: file)
        try cursor.advance(blue, epoch: "e1", to: 7)
        #expect(cursor.start(of: log(red, "e2")) == .anew)
        #expect(cursor.start(of: log(blue, "e3")) == .first)
    }

    @Test func `a log that ends before its position begins anew`() throws {
        var cursor = try TailCursor(file: file)
        try cursor.advance(red, epoch: "e1", to: 7)
        cursor = try TailCursor(file: file)
        #expect(cursor.start(of: log(red, "e1", lastSeq: 6)) == .anew)
    }

    @Test func `a room that did not exist yet begins with its first message, and a known one where it was`() throws {
        var cursor = try TailCursor(file: file)
        try cursor.awaits(red)
        try cursor.advance(blue, epoch: "e2", to: 3)
        cursor = try TailCursor(file: file)
        try cursor.awaits(red)
        try cursor.awaits(blue)
        cursor = try TailCursor(file: file)
        #expect(cursor.start(of: log(red, "e1")) == .after(0))
        #expect(cursor.start(of: log(blue, "e2")) == .after(3) && cursor.start(of: log(blue, "e3")) == .anew)
        try cursor.advance(red, epoch: "e1", to: 4)
        cursor = try TailCursor(file: file)
        #expect(cursor.start(of: log(red, "e1")) == .after(4))
    }

    @Test func `a file of an earlier version is read by name, and written by epoch`() throws {
        try folder.write(#"{"red":7,"blue":3}"#, to: "cursor")
        var cursor = try TailCursor(file: file)
        #expect(cursor.start(of: log(red, "e1")) == .after(7))
        #expect(cursor.start(of: log(blue, "e2", lastSeq: 2)) == .anew)
        try cursor.advance(red, epoch: "e1", to: 8)
        cursor = try TailCursor(file: file)
        #expect(cursor.start(of: log(blue, "e1")) == .after(8) && cursor.start(of: log(red, "e3")) == .anew)
        #expect(cursor.start(of: log(blue, "e2")) == .after(3))
    }

    @Test func `the file is there from the first run on`() throws {
        _ = try TailCursor(file: file)
        #expect(try folder.read("cursor") == "{}")
    }

    @Test func `without a file nothing is kept`() throws {
        var cursor = try TailCursor(file: nil)
        try cursor.advance(red, epoch: "e1", to: 7)
        #expect(cursor.start(of: log(red, "e1")) == .first)
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
