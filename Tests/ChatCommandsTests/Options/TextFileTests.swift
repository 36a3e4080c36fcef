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
