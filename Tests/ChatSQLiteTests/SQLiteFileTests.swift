import ChatCore
import ChatSQL
import ChatTestKit
import FoundationEssentials
import Testing

@testable import ChatSQLite

/// What stands in the place of a database file.
@Suite struct SQLiteFileTests {
    @Test func `a missing file is no database and is not made`() async throws {
        let folder = try TemporaryFolder()
        await expect(.configuration, saying: "has no schema yet") { _ = try await folder.open(.current) }
        #expect(!(try SQLiteFile.exists(folder.file)))
    }

    @Test func `migrate makes folders and file for their owner alone`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/a/b/chat.db"
        let database = try await folder.open(file: file)
        #expect(try folder.mode(of: file) == 0o600)
        #expect(try folder.mode(of: file + "-wal") == 0o600)
        #expect(try folder.mode(of: folder.path + "/a/b") == 0o700)
        await database.close()
    }

    @Test func `a file of something else is refused and left as it is`() async throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "not a database. ", count: 100)
        try folder.write(text, to: "chat.db")
        for opening in [ChatDatabase.Opening.current, .migrating, .inspecting] {
            await expect(.configuration, saying: "not a SQLite database") { _ = try await folder.open(opening) }
        }
        #expect(try String(contentsOfFile: folder.file, encoding: .utf8) == text)
    }

    @Test func `an empty file has no schema yet`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "chat.db")
        await expect(.configuration, saying: "has no schema yet") { _ = try await folder.open(.current) }
    }

    @Test func `a folder, and a path through a file, are no databases`() async throws {
        let folder = try TemporaryFolder()
        await expect(.configuration, saying: "not a file") { _ = try await folder.open(file: folder.path) }
        try folder.write("x", to: "plain")
        await expect(.configuration) { _ = try await folder.open(file: folder.path + "/plain/chat.db") }
    }

    @Test func `a closed database is one file`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        _ = try await database.store.users()
        await database.close()
        #expect(try SQLiteFile.exists(folder.file))
        #expect(!(try SQLiteFile.exists(folder.file + "-wal")))
    }

    @Test func `a damaged file is reported as such`() async throws {
        let folder = try TemporaryFolder()
        await (try await folder.open()).close()
        var bytes = try Data(contentsOf: URL(filePath: folder.file))
        bytes.replaceSubrange(100..<bytes.count, with: Data(repeating: 0xff, count: bytes.count - 100))
        try bytes.write(to: URL(filePath: folder.file))
        await expect(.unavailable, saying: "damaged") { _ = try await folder.open(.current) }
    }
}
