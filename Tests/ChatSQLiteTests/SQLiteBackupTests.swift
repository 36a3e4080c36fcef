import ChatCore
import ChatTestKit
import Glibc
import Testing

@testable import ChatSQL
@testable import ChatSQLite

/// Copies of a database that is in use, and their return.
@Suite struct SQLiteBackupTests {
    private struct Place {
        let folder: TemporaryFolder
        let database: ChatDatabase
        let contract: StoreContract
        let user: User
        let room: Room

        var copy: String { folder.path + "/copy" }

        init() async throws {
            folder = try TemporaryFolder()
            database = try await folder.open()
            contract = StoreContract(store: database.store, other: database.store, clock: folder.clock)
            user = try await contract.makeUser()
            room = try await contract.makeRoom()
        }

        func post(_ texts: String...) async throws {
            for text in texts { try await contract.post(text, by: user, in: room) }
        }

        func restore(_ file: String) async throws {
            try await ChatDatabase.restore(sqlite: folder.file, from: file, clock: folder.clock.wall)
        }

        func bodies(_ file: String) async throws -> [String] {
            let opened = try await folder.open(.current, file: file)
            let messages = try await opened.store.messages(in: room.reference, .latest, limit: 99)
            await opened.close()
            return messages.map(\.body.text)
        }
    }

    private func exists(_ file: String) -> Bool { access(file, F_OK) == 0 }

    @Test func `a copy is one file of one moment, for its owner only`() async throws {
        let place = try await Place()
        try await place.post("one", "two")
        let size = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.copy)
        try await place.post("three")
        #expect(SQLiteFile.size(place.copy) == size && size > 0)
        #expect(try place.folder.mode(of: place.copy) == 0o600)
        for suffix in PartialFile.companions + [".partial"] { #expect(!exists(place.copy + suffix)) }
        #expect(try await place.bodies(place.copy) == ["one", "two"])
        #expect(try await place.bodies(place.folder.file) == ["one", "two", "three"])
        await place.database.close()
    }

    @Test(arguments: [
        "DROP TABLE messages", "DROP INDEX messages_seq",
        """
        CREATE TRIGGER loss AFTER INSERT ON messages BEGIN DELETE FROM messages WHERE id = NEW.id; END
        """,
    ])
    func `a copy that somebody has changed is not taken for a database`(change: String) async throws {
        let place = try await Place()
        try await place.post("one")
        _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.copy)
        await place.database.close()
        let driver = try SQLiteDriver.alone(place.copy)
        try await driver.write { session throws(ChatError) in _ = try session.execute(change, []) }
        await driver.close()
        let error = await #expect(throws: ChatError.self) { try await place.restore(place.copy) }
        #expect(error?.code == .invalidInput)
        #expect(try await place.bodies(place.folder.file) == ["one"])
    }

    @Test func `what is there already is left alone`() async throws {
        let place = try await Place()
        try place.folder.write("mine", to: "copy")
        symlink("nowhere", place.folder.path + "/link")
        for file in [place.copy, place.folder.path, place.folder.path + "/link", place.folder.file] {
            await expect(.alreadyExists) { _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: file) }
        }
        #expect(try place.folder.read("copy") == "mine")
        await place.database.close()
    }

    @Test func `a missing database is not copied, and a folder that is missing is told`() async throws {
        let place = try await Place()
        await expect(.configuration, saying: "has no schema yet") {
            _ = try await ChatDatabase.backUp(sqlite: place.folder.path + "/none.db", to: place.copy)
        }
        await expect(.outputFailed, saying: "No such file") {
            _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.folder.path + "/none/copy")
        }
        #expect(!exists(place.copy) && !exists(place.copy + ".partial"))
        await place.database.close()
    }

    @Test func `what a killed backup or restore left is written over`() async throws {
        let place = try await Place()
        try await place.post("one")
        for name in ["copy.partial", "copy.partial-journal", "chat.db.restoring", "chat.db.restoring-wal"] {
            try place.folder.write(String(repeating: "left over", count: 9_000), to: name)
        }
        _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.copy)
        #expect(try await place.bodies(place.copy) == ["one"])
        try await place.restore(place.copy)
        #expect(try await place.bodies(place.folder.file) == ["one"])
        for name in ["copy.partial", "copy.partial-journal", "chat.db.restoring", "chat.db.restoring-wal"] {
            #expect(!exists(place.folder.path + "/" + name))
        }
        await place.database.close()
    }

    @Test func `two that write one file at once do not mix`() async throws {
        let folder = try TemporaryFolder()
        let first = try PartialFile(folder.path + "/copy")
        await expect(.unavailable, saying: "another process is writing it") {
            _ = try PartialFile(folder.path + "/copy")
        }
        try first.publish(as: folder.path + "/done")
        await expect(.alreadyExists) { try PartialFile(folder.path + "/copy").publish(as: folder.path + "/done") }
    }

    @Test func `a restored database is the copy with another epoch`() async throws {
        let place = try await Place()
        try await place.post("one", "two")
        let epoch = try await place.database.store.epoch()
        _ = try await place.contract.store.registerNode(
            named: "running", at: place.folder.clock.now, leaseUntil: place.folder.clock.now + .seconds(5))
        _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.copy)
        try await place.post("three")
        place.folder.clock.advance(by: .seconds(6))
        chmod(place.folder.file, 0o640)
        try await place.restore(place.copy)
        #expect(try await place.bodies(place.folder.file) == ["one", "two"])
        #expect(try place.folder.mode(of: place.folder.file) == 0o640)
        let opened = try await place.folder.open(.current)
        let restored = try await opened.store.epoch()
        #expect(restored != epoch)
        let access = try await opened.store.access(to: place.room.name, for: nil, at: place.folder.clock.now)
        #expect(access?.restoredSeq == 2)
        #expect(try await opened.store.audit(limit: 1).map(\.action) == ["database.restore"])
        // The process that has the earlier file open sees that, and stores nothing any more.
        #expect(try await place.database.store.epoch() == epoch)
        #expect(try await place.database.store.presentEpoch() == restored)
        await expect(.unavailable, saying: "was removed or replaced") { try await place.post("lost") }
        await place.database.close()
        #expect(try await opened.store.lastSeq(of: place.room.id) == 2)
        _ = try await StoreContract(store: opened.store, other: opened.store, clock: place.folder.clock)
            .post("new", by: place.user, in: place.room)
        await opened.close()
        #expect(try await place.bodies(place.folder.file) == ["one", "two", "new"])
    }

    @Test func `a database that a server uses is not replaced`() async throws {
        let place = try await Place()
        _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.copy)
        try await place.post("later")
        _ = try await place.contract.store.registerNode(
            named: "running", at: place.folder.clock.now, leaseUntil: place.folder.clock.now + .seconds(5))
        await expect(.unavailable, saying: "a server is using it: running") { try await place.restore(place.copy) }
        try await place.post("still")
        #expect(try await place.bodies(place.folder.file) == ["later", "still"])
        #expect(!exists(place.folder.file + ".restoring"))
        await place.database.close()
    }

    @Test func `a missing database is made, a damaged one replaced`() async throws {
        let place = try await Place()
        try await place.post("one")
        _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.copy)
        await place.database.close()
        try place.folder.write(String(repeating: "no database ", count: 999), to: "bad/chat.db")
        try place.folder.write("no log", to: "bad/chat.db-wal")
        for name in ["new/folder/chat.db", "bad/chat.db"] {
            let file = place.folder.path + "/" + name
            try await ChatDatabase.restore(sqlite: file, from: place.copy, clock: place.folder.clock.wall)
            #expect(try await place.bodies(file) == ["one"], "\(name)")
        }
    }

    @Test func `a symbolic link stays one`() async throws {
        let place = try await Place()
        try await place.post("one")
        _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.copy)
        await place.database.close()
        let link = place.folder.path + "/link.db"
        symlink("chat.db", link)
        try await ChatDatabase.restore(sqlite: link, from: place.copy, clock: place.folder.clock.wall)
        var status = stat()
        #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        #expect(try await place.bodies(place.folder.file) == ["one"])
    }

    @Test func `what is no whole backup is refused, and changes nothing`() async throws {
        let place = try await Place()
        try await place.post("one")
        _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.copy)
        try await damage(place)
        let folder = place.folder
        try folder.write("", to: "empty")
        try folder.write(String(repeating: "text ", count: 2_000), to: "text")
        mkfifo(folder.path + "/pipe", 0o600)
        for name in ["none", "empty", "text", "pipe", "damaged", "foreign", "newer", ""] {
            await expect(.invalidInput) { try await place.restore("\(folder.path)/\(name)") }
        }
        await expect(.invalidInput, saying: "it is the database itself") { try await place.restore(folder.file) }
        #expect(try await place.bodies(folder.file) == ["one"])
        try await place.post("two")
        await place.database.close()
    }

    /// Makes a damaged copy, one of another program, and one of a later version of this one.
    private func damage(_ place: Place) async throws {
        for (name, sql) in [
            ("foreign", "CREATE TABLE users (id BIGINT)"),
            ("newer", "INSERT INTO schema_migrations SELECT 999, 'later', 'x', 0"),
        ] {
            if name == "newer" {
                _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.folder.path + "/newer")
            }
            let driver = try SQLiteDriver.alone("\(place.folder.path)/\(name)")
            try await driver.write { session throws(ChatError) in try session.executeScript(sql) }
            await driver.close()
        }
        _ = try await ChatDatabase.backUp(sqlite: place.folder.file, to: place.folder.path + "/damaged")
        let descriptor = open(place.folder.path + "/damaged", O_RDWR)
        let page = [UInt8](repeating: 0xff, count: 4_096)
        #expect(pwrite(descriptor, page, page.count, 4 * page.count) == page.count)
        close(descriptor)
    }

    @Test func `an older backup is brought up to date`() async throws {
        let place = try await Place()
        let old = try SQLiteDriver.alone(place.folder.path + "/old")
        let moment = place.folder.clock.now
        try await old.write { session throws(ChatError) in
            for migration in SQLDialect.sqlite.migrations.prefix(5) {
                try session.executeScript(migration.script)
                try session.execute(
                    "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
                    [
                        .count(migration.version), .text(migration.name), .text(migration.checksum), .time(moment),
                    ])
            }
            try session.executeScript("INSERT INTO installation VALUES (1, 'e', 0)")
        }
        await old.close()
        try await place.restore(place.folder.path + "/old")
        await place.database.close()
        let opened = try await place.folder.open(.current)
        #expect(try await opened.store.epoch() != "e")
        await opened.close()
    }

    @Test(arguments: EpochContract.checks)
    func `a new epoch on SQLite keeps the contract`(_ check: EpochCheck) async throws {
        let folder = try TemporaryFolder()
        let (one, two) = (try await folder.open(), try await folder.open(.current))
        try await check.run(one, StoreContract(store: one.store, other: two.store, clock: folder.clock))
        await one.close()
        await two.close()
    }
}
