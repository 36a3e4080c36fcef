import ChatCore
import ChatSQL
import ChatSQLite
import FoundationEssentials

/// A temporary folder that is removed with this object, and SQLite databases in it.
package final class TemporaryFolder: Sendable {
    package let path: String
    package let clock = TestClock()

    package init() throws {
        let name = "chatctl-test-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        path = FileManager.default.temporaryDirectory.path + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package var file: String { path + "/chat.db" }

    package func open(
        _ opening: ChatDatabase.Opening = .migrating, file: String? = nil, clock: WallClock? = nil
    ) async throws -> ChatDatabase {
        try await ChatDatabase.open(sqlite: file ?? self.file, clock: clock ?? self.clock.wall, opening)
    }

    /// Writes a file in this folder, with the folders between.
    package func write(_ text: String, to name: String) throws {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    package func read(_ name: String) throws -> String {
        try String(decoding: Data(contentsOf: URL(filePath: path).appending(path: name)), as: UTF8.self)
    }

    /// The permission bits of a file or folder.
    package func mode(of file: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        return (attributes[.posixPermissions] as? UInt16).map(Int.init)
    }
}
