import ChatCore
import ChatStorage
import ChatTestKit
import FoundationEssentials
import Testing

/// A folder that goes away with the test that made it, and databases in it.
final class TemporaryFolder: Sendable {
    let path: String
    let clock = TestClock()

    init() throws {
        let name = "chatctl-storage-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        path = FileManager.default.temporaryDirectory.path + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var file: String { path + "/chat.db" }

    func open(
        _ opening: ChatDatabase.Opening = .migrating, file: String? = nil, clock: WallClock? = nil
    ) async throws -> ChatDatabase {
        try await ChatDatabase.open(sqlite: file ?? self.file, clock: clock ?? self.clock.wall, opening)
    }

    /// Writes a file with any content.
    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    /// The permission bits of a file or folder.
    func mode(of file: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        return (attributes[.posixPermissions] as? UInt16).map(Int.init)
    }
}

/// Expects that `work` throws an error of `code` whose text contains `part`.
func expect(
    _ code: ErrorCode, saying part: String = "", sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Void
) async {
    await #expect(sourceLocation: sourceLocation) {
        try await work()
    } throws: { error in
        guard let error = error as? ChatError else { return false }
        return error.code == code && (part.isEmpty || error.message.contains(part))
    }
}
