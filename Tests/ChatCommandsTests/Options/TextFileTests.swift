import ChatCore
import ChatTestKit
import Foundation
import Testing

@testable import ChatCommands

@Suite struct TextFileTests {
    private let folder: TemporaryFolder
    private var file: String { folder.path + "/file" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fails(_ part: String, _ work: () throws -> Void) {
        #expect {
            try work()
        } throws: { error in
            let error = error as? ChatError
            return error?.code == .configuration && error?.message.contains(part) == true
        }
    }

    @Test func `what was written is read, and a missing file is nil`() throws {
        #expect(try TextFile.read(file) == nil)
        #expect(try TextFile.read(file + "/below") == nil)
        try TextFile.write("one", to: file)
        try TextFile.write("zwei\n", to: file)
        #expect(try TextFile.read(file) == "zwei\n")
    }

    @Test func `folders are made, and nothing is left beside the file`() throws {
        try TextFile.write("one", to: folder.path + "/a/b/file")
        #expect(try folder.read("a/b/file") == "one")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b") == ["file"])
    }

    @Test func `only its owner can read it`() throws {
        try folder.write("open to all", to: "file")
        try TextFile.write("secret", to: file)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a symbolic link stays one`() throws {
        try folder.write("old", to: "real")
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "real")
        try TextFile.write("new", to: file)
        #expect(try folder.read("real") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file) == "real")
    }

    @Test(arguments: ["real", "folder/real"])
    func `a link that leads nowhere yet is written through`(target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: target)
        #expect(try TextFile.read(file) == nil)
        try TextFile.write("new", to: file)
        #expect(try folder.read(target) == "new" && TextFile.read(file) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file) == target)
    }

    @Test func `links in a circle are an error`() throws {
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "file")
        fails("cannot be written: Too many levels of symbolic links") { try TextFile.write("x", to: file) }
    }

    @Test func `a named pipe without a writer is empty, and is not replaced`() throws {
        try #require(mkfifo(file, 0o600) == 0)
        #expect(try TextFile.read(file) == "")
        fails("not a regular file") { try TextFile.write("x", to: file) }
        fails("/dev/null: not a regular file") { try TextFile.write("x", to: "/dev/null") }
        #expect(access("/dev/null", W_OK) == 0)
    }

    @Test func `a pipe is read to its end`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        try #require(write(ends[1], "token\n", 6) == 6)
        close(ends[1])
        #expect(try TextFile.read("/dev/fd/\(ends[0])") == "token\n")
    }

    @Test func `what is no text or too long is refused`() throws {
        try Data([0xff]).write(to: URL(filePath: file))
        fails("not UTF-8") { _ = try TextFile.read(file) }
        try Data(repeating: 65, count: (1 << 20) + 1).write(to: URL(filePath: file))
        fails("not UTF-8 text of at most") { _ = try TextFile.read(file) }
    }

    @Test func `errors name the file and the reason`() {
        fails("\(folder.path): cannot be read: Is a directory") { _ = try TextFile.read(folder.path) }
        fails("/proc/nope/file: cannot be written: ") { try TextFile.write("x", to: "/proc/nope/file") }
    }
}
