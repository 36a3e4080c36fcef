import ChatCore
import ChatTestKit
import ChatWire
import Testing

@testable import ChatCommands

@Suite struct TailReaderTests {
    private struct Printed: Decodable {
        let room: String
        let seq: Int
        let body: String
    }

    /// Sends `m1`, `m2` … to a room, from elsewhere, so that a tail hears of it by the bus.
    private func fill(_ installation: Installation, _ room: String = "lines", count: Int) async {
        _ = await installation.run(["room", "create", room, "--if-not-exists", "-q"], elsewhere: true)
        let lines = (1...count).map { "m\($0)\n" }.joined()
        let outcome = await installation.run(
            ["send", room, "--lines", "--as", "root"], input: lines, elsewhere: true)
        #expect(outcome.status == 0)
    }

    private func seqs(_ text: String) throws -> [Int] {
        try text.split(separator: "\n").map { try ShapeCoder.decode(Printed.self, from: Array($0.utf8)).seq }
    }

    private func tail(_ installation: Installation, _ arguments: String...) async throws -> [Int] {
        try seqs(await installation.run(["tail", "lines", "--json"] + arguments).output)
    }

    @Test func `the last ten come, or as many as asked`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: 30)
            #expect(try await tail(installation) == Array(21...30))
            #expect(try await tail(installation, "-n", "3") == [28, 29, 30])
            #expect(try await tail(installation, "-n", "0") == [])
            #expect(try await tail(installation, "-n", "1000") == Array(1...30))
        }
    }

    @Test func `a tail starts at a seq, a time or so long ago`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: 5)
            installation.clock.advance(by: .seconds(3_600))
            await fill(installation, count: 2)
            #expect(try await tail(installation, "--since", "3") == [3, 4, 5, 6, 7])
            #expect(try await tail(installation, "--since", "0") == [1, 2, 3, 4, 5, 6, 7])
            #expect(try await tail(installation, "--since", "2020-01-01T00:00:00Z") == [1, 2, 3, 4, 5, 6, 7])
            #expect(try await tail(installation, "--since", "10m") == [6, 7])
            #expect(try await tail(installation, "--since", "2023-11-14T23:13:20Z") == [6, 7])
            #expect(try await tail(installation, "--since", "2999-01-01T00:00:00Z") == [])
        }
    }

    @Test func `more than a page of history comes whole`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: Limits.pageMessages * 2 + 1)
            #expect(try await tail(installation, "--since", "1") == Array(1...Limits.pageMessages * 2 + 1))
        }
    }

    @Test func `matches are printed and counted`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: 30)
            #expect(try await tail(installation, "-n", "30", "--match", "^m1.$") == Array(10...19))
            #expect(try await tail(installation, "-n", "30", "--match", "5$", "--count", "2") == [5, 15])
        }
    }

    @Test func `a rejected message is printed and ends the tail with 1`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: 5)
            let outcome = await installation.run(["tail", "lines", "--json", "--match", "m1", "--reject", "^m3"])
            #expect(try outcome.status == 1 && seqs(outcome.output) == [1, 3])
        }
    }

    @Test func `what came before a timeout is printed`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: 2)
            let outcome = await installation.run(["tail", "lines", "--json", "--count", "3", "--timeout", "1ms"])
            #expect(outcome.status == 75)
            #expect(try [[], [1, 2]].contains(seqs(outcome.output)))
        }
    }

    // MARK: Following

    @Test(.timeLimit(.minutes(3)))
    func `several rooms are followed, each in its order`() async throws {
        try await withInstallation { installation async throws in
            let output = BufferOutput()
            _ = await installation.run(["room", "create", "blue"])
            async let tail = installation.run(
                ["tail", "general", "blue", "-f", "-n", "1", "--count", "9", "--json"], output: output)
            await output.waitForLines(1)
            await fill(installation, "general", count: 4)
            await fill(installation, "blue", count: 4)
            #expect(await tail.status == 0)
            let printed = try output.lines.map { try ShapeCoder.decode(Printed.self, from: Array($0.utf8)) }
            #expect(printed.filter { $0.room == "general" }.map(\.seq) == [3, 4, 5, 6, 7])
            #expect(printed.filter { $0.room == "blue" }.map(\.seq) == [1, 2, 3, 4])
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a room that does not exist yet is waited for`() async throws {
        try await withInstallation { installation async throws in
            #expect(await installation.run(["tail", "lines"]).status == 66)
            async let tail = installation.run(["tail", "lines", "--wait", "--count", "1", "--json"])
            await fill(installation, count: 1)
            #expect(try seqs(await tail.output) == [1])
        }
    }

    // MARK: The cursor

    @Test func `each run continues where the last one stopped`() async throws {
        try await withInstallation { installation async throws in
            let cursor = installation.folder.path + "/cursor"
            var got: [Int] = []
            for _ in 0..<4 {
                await fill(installation, count: 7)
                got += try await tail(installation, "-n", "100", "--cursor", cursor, "--count", "3")
            }
            got += try await tail(installation, "--cursor", cursor)
            #expect(got == Array(1...28))
            #expect(try await tail(installation, "--cursor", cursor) == [])
        }
    }

    @Test func `a run that waited in vain for a room misses nothing of it in the next`() async throws {
        try await withInstallation { installation async throws in
            let cursor = installation.folder.path + "/cursor"
            let vain = await installation.run(
                ["tail", "lines", "--wait", "--cursor", cursor, "--timeout", "100ms"])
            #expect(vain.status == 75)
            await fill(installation, count: 12)
            #expect(try await tail(installation, "--cursor", cursor) == Array(1...12))
        }
    }

    @Test func `a message that was not written whole is not behind the cursor`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: 5)
            let cursor = installation.folder.path + "/cursor"
            let whole = await installation.run(["tail", "lines", "--json"]).output
            // Room for two messages and a half.
            let full = BufferOutput(capacity: whole.utf8.count / 2)
            let outcome = await installation.run(["tail", "lines", "--json", "--cursor", cursor], output: full)
            #expect(outcome.status == 74 && full.lines.count == 2)
            #expect(try await tail(installation, "--cursor", cursor) == [3, 4, 5])
        }
    }

    @Test func `a message whose reader has gone is not behind the cursor`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: 5)
            let cursor = installation.folder.path + "/cursor"
            let closed = BufferOutput(capacity: 0, end: .closedByReader)
            #expect(await installation.run(["tail", "lines", "--cursor", cursor], output: closed).status == 0)
            #expect(try await tail(installation, "--cursor", cursor) == [1, 2, 3, 4, 5])
        }
    }

    @Test func `a cursor of an earlier room of that name hides nothing`() async throws {
        try await withInstallation { installation async throws in
            let cursor = installation.folder.path + "/cursor"
            await fill(installation, count: 5)
            #expect(try await tail(installation, "--cursor", cursor) == [1, 2, 3, 4, 5])
            _ = await installation.run(["room", "delete", "lines", "--yes"])
            await fill(installation, count: 2)
            let again = await installation.run(["tail", "lines", "--cursor", cursor, "--json"])
            #expect(try seqs(again.output) == [1, 2] && again.error.contains("begins anew"))
            #expect(try await tail(installation, "--cursor", cursor) == [])
        }
    }

    @Test func `a first run that prints nothing keeps its place too`() async throws {
        try await withInstallation { installation async throws in
            let cursor = installation.folder.path + "/cursor"
            await fill(installation, count: 3)
            _ = await installation.run(["room", "create", "empty"])
            let first = ["tail", "lines", "empty", "-n", "0", "--cursor", cursor, "--json"]
            #expect(await installation.run(first) == Outcome(status: 0, output: "", error: ""))
            await fill(installation, count: 12)
            await fill(installation, "empty", count: 12)
            #expect(try await tail(installation, "--cursor", cursor) == Array(4...15))
            let other = await installation.run(["tail", "empty", "--cursor", cursor, "--json"])
            #expect(try seqs(other.output) == Array(1...12))
        }
    }

    @Test func `rooms that swap their names keep their places`() async throws {
        try await withInstallation { installation async throws in
            let tail = ["tail", "lines", "other", "--cursor", installation.folder.path + "/cursor"]
            await fill(installation, count: 3)
            await fill(installation, "other", count: 5)
            #expect(await installation.run(tail).status == 0)
            for (room, name) in [("lines", "spare"), ("other", "lines"), ("spare", "other")] {
                _ = await installation.run(["room", "rename", room, name])
            }
            await fill(installation, "lines", count: 1)
            await fill(installation, "other", count: 1)
            let outcome = await installation.run(tail + ["--json"])
            let printed = try outcome.output.split(separator: "\n").map {
                try ShapeCoder.decode(Printed.self, from: Array($0.utf8))
            }
            #expect(Set(printed.map { "\($0.room) \($0.seq)" }) == ["lines 6", "other 4"] && printed.count == 2)
            #expect(outcome.error.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a room that is renamed while it is followed keeps its place`() async throws {
        try await withInstallation { installation async throws in
            let cursor = installation.folder.path + "/cursor"
            await fill(installation, count: 2)
            let output = BufferOutput()
            async let tail = installation.run(
                ["tail", "lines", "-n", "1", "--count", "3", "--cursor", cursor, "--json"], output: output)
            await output.waitForLines(1)
            _ = await installation.run(["room", "rename", "lines", "moved"], elsewhere: true)
            await fill(installation, "moved", count: 3)
            #expect(try await seqs(tail.output) == [2, 3, 4])
            let rest = await installation.run(["tail", "moved", "--cursor", cursor, "--json"])
            #expect(try seqs(rest.output) == [5])
            await fill(installation, count: 1)
            #expect(try await self.tail(installation, "--cursor", cursor) == [1])
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a signal ends a tail with a cursor between two messages, without a word`() async throws {
        try await withInstallation { installation async throws in
            await fill(installation, count: 5)
            let cursor = installation.folder.path + "/cursor"
            let (signals, signal) = AsyncStream<Void>.makeStream()
            let output = BufferOutput()
            async let tail = installation.run(
                ["tail", "lines", "-f", "--cursor", cursor, "--json"], output: output, signals: Signals { _ in signals }
            )
            await output.waitForLines(3)
            signal.yield()
            let outcome = await tail
            #expect(outcome.status == 130 && outcome.error.isEmpty)
            let printed = try seqs(outcome.output)
            await fill(installation, count: 2)
            #expect(try printed + (await self.tail(installation, "--cursor", cursor)) == Array(1...7))
        }
    }
}
