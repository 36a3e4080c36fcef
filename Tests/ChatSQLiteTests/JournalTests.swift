import ChatCore
import ChatTestKit
import Synchronization
import Testing

/// How the journal cuts what waits into commits, on a real database.
@Suite struct JournalTests {
    @Test(arguments: [(length: 1, count: 5_000), (length: 16_000, count: 100)])
    func `a commit takes many messages, within its bounds, and all are told in order`(
        length: Int, count: Int
    ) async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let maker = StoreContract(store: database.store, other: database.store, clock: folder.clock)
        let (user, room) = (try await maker.makeUser(), try await maker.makeRoom())
        let draft = try maker.draft(String(repeating: "x", count: length), by: user, in: room)
        let log = Log()
        let journal = Journal(store: database.store, clock: folder.clock.wall, listener: log)
        for _ in 0..<count { journal.submit(draft) { log.add(told: $0) } }
        await journal.close()
        let (batches, told) = log.all
        #expect(told == (1...Int64(count)).map { $0 })
        #expect(batches.flatMap { $0 } == told)
        #expect(batches.count < count / 2)
        for batch in batches {
            #expect(batch.count <= Limits.journalBatch)
            #expect(batch.count * length <= Limits.journalBatchBytes)
        }
        await database.close()
    }

    @Test func `a closed journal refuses`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let maker = StoreContract(store: database.store, other: database.store, clock: folder.clock)
        let draft = try maker.draft("x", by: try await maker.makeUser(), in: try await maker.makeRoom())
        let journal = Journal(store: database.store, clock: folder.clock.wall, listener: Log())
        await journal.close()
        let refusal = Mutex<ErrorCode?>(nil)
        journal.submit(draft) { outcome in
            if case .failure(let error) = outcome { refusal.withLock { $0 = error.code } }
        }
        #expect(refusal.withLock { $0 } == .unavailable)
        await database.close()
    }
}

/// What a journal handed on and told.
private final class Log: CommitListener {
    private let state = Mutex((batches: [[Int64]](), told: [Int64]()))

    var all: (batches: [[Int64]], told: [Int64]) { state.withLock { $0 } }

    func committed(_ batch: [Message]) async { state.withLock { $0.batches.append(batch.map(\.seq)) } }

    func add(told outcome: Result<Appended, ChatError>) {
        guard let appended = try? outcome.get() else { return }
        state.withLock { $0.told.append(appended.message.seq) }
    }
}
