import ChatTestKit
import Synchronization
import Testing

@testable import ChatCore

/// What becomes of drafts when commits fail, are unknown, or wait.
@Suite struct JournalTests {
    private static func draft(_ text: String) -> Draft {
        Draft(
            room: RoomID(1),
            author: Author(id: UserID(1), username: Username(stored: "alice"), displayName: "Alice"),
            body: MessageBody(stored: text), clientID: nil)
    }

    private func journal(_ log: ScriptedLog, _ heard: Heard, observer: any Observer = SilentObserver()) -> Journal {
        Journal(store: log, clock: TestClock().wall, listener: heard, observer: observer)
    }

    private func submit(_ texts: [String], to journal: Journal, _ heard: Heard) {
        for text in texts { journal.submit(Self.draft(text)) { heard.tell(text, $0) } }
    }

    @Test func `what arrives while a commit is under way is the next one`() async {
        let (gate, heard, observed) = (Gate(), Heard(), Observed())
        let log = ScriptedLog { number in
            if number == 1 { await gate.pass() }
            return .store
        }
        let journal = journal(log, heard, observer: observed)
        submit(["a"], to: journal, heard)
        #expect(await eventually { gate.arrivals == 1 })
        submit(["b", "c", "d"], to: journal, heard)
        gate.open()
        await journal.close()
        #expect(log.commits == [["a"], ["b", "c", "d"]])
        #expect(heard.told == ["a 1", "b 2", "c 3", "d 4"] && heard.broadcast == [1, 2, 3, 4])
        let committed = observed.all.compactMap {
            if case .committed(let messages, _, let waiting) = $0 { [messages, waiting] } else { nil }
        }
        #expect(committed == [[1, 3], [3, 0]])
    }

    @Test func `one draft that spoils a commit spoils none of the others`() async {
        let (gate, heard) = (Gate(), Heard())
        let log = ScriptedLog(spoiling: "bad") { number in
            if number == 1 { await gate.pass() }
            return .store
        }
        let journal = journal(log, heard)
        submit(["first"], to: journal, heard)
        #expect(await eventually { gate.arrivals == 1 })
        submit(["a", "bad", "c"], to: journal, heard)
        gate.open()
        await journal.close()
        #expect(log.commits == [["first"], ["a", "bad", "c"], ["a"], ["bad"], ["c"]])
        #expect(heard.told.sorted() == ["a 2", "bad internal", "c 3", "first 1"])
        #expect(heard.broadcast == [1, 2, 3])
    }

    @Test func `a database that is gone is asked once, not once for each draft`() async {
        let (gate, heard) = (Gate(), Heard())
        let log = ScriptedLog { number in
            if number == 1 { await gate.pass() }
            return number == 2 ? .fail(.unavailable) : .store
        }
        let journal = journal(log, heard)
        submit(["a"], to: journal, heard)
        #expect(await eventually { gate.arrivals == 1 })
        submit(["b", "c"], to: journal, heard)
        gate.open()
        #expect(await eventually { heard.told.count == 3 })
        submit(["d"], to: journal, heard)
        await journal.close()
        #expect(heard.told.sorted() == ["a 1", "b unavailable", "c unavailable", "d 2"])
        #expect(log.commits == [["a"], ["b", "c"], ["d"]] && heard.broadcast == [1, 2])
    }

    @Test func `a draft that is refused fails alone, and a repetition is not broadcast`() async {
        let heard = Heard()
        let log = ScriptedLog { _ in .answer(["no": .failure(ChatError(.muted, "no")), "again": .repetition(7)]) }
        let journal = journal(log, heard)
        submit(["no"], to: journal, heard)
        submit(["again"], to: journal, heard)
        submit(["new"], to: journal, heard)
        await journal.close()
        #expect(heard.told == ["no muted", "again 7", "new 1"] && heard.broadcast == [1])
    }

    // MARK: Unknown commits

    @Test func `a commit of unknown fate holds up no later one, and the end waits for it`() async {
        let (fate, heard) = (Gate(), Heard())
        let log = ScriptedLog { number in number == 1 ? .unknown { await fate.pass() } : .store }
        let journal = journal(log, heard)
        submit(["a"], to: journal, heard)
        #expect(await eventually { log.commits.count == 1 })
        submit(["b"], to: journal, heard)
        #expect(await eventually { heard.told == ["b 2"] })
        let closing = Task {
            await journal.close()
            heard.tell("closed")
        }
        fate.open()
        await closing.value
        #expect(heard.told == ["b 2", "a 1", "closed"] && heard.broadcast == [2, 1])
    }

    @Test func `a commit that turns out not to be stored is refused`() async {
        let heard = Heard()
        let log = ScriptedLog { _ in .lost }
        let journal = journal(log, heard)
        submit(["a"], to: journal, heard)
        await journal.close()
        #expect(heard.told == ["a unavailable"] && heard.broadcast == [])
    }

    // MARK: Refusals

    @Test func `a queue that is full refuses at once and takes more when it has room`() async {
        let (gate, heard, refused) = (Gate(), Heard(), Heard())
        let log = ScriptedLog { number in
            if number == 1 { await gate.pass() }
            return .store
        }
        let journal = journal(log, heard)
        submit(["first"], to: journal, heard)
        #expect(await eventually { gate.arrivals == 1 })
        for number in 1...Limits.journalQueue { submit(["\(number)"], to: journal, heard) }
        submit(["too many"], to: journal, refused)
        #expect(refused.told == ["too many unavailable"])
        gate.open()
        #expect(await eventually { heard.count == Limits.journalQueue + 1 })
        submit(["last"], to: journal, heard)
        await journal.close()
        #expect(heard.told.last == "last \(Limits.journalQueue + 2)")
    }

    @Test func `closing waits for what was taken, and nothing is taken after it`() async {
        let (gate, heard) = (Gate(), Heard())
        let log = ScriptedLog { _ in
            await gate.pass()
            return .store
        }
        let journal = journal(log, heard)
        submit(["a"], to: journal, heard)
        #expect(await eventually { gate.arrivals == 1 })
        let closing = Task { await journal.close() }
        // Refused as soon as the close has begun, while the commit is still under way.
        #expect(
            await eventually {
                let late = Heard()
                submit(["late"], to: journal, late)
                return late.told == ["late unavailable"]
            })
        gate.open()
        await closing.value
        await journal.close()
        #expect(heard.told.contains("a 1"))
    }
}

/// What a journal handed on and told.
private final class Heard: CommitListener {
    private let state = Mutex((broadcast: [Int64](), told: [String]()))

    var broadcast: [Int64] { state.withLock { $0.broadcast } }
    var told: [String] { state.withLock { $0.told } }
    /// Without a copy of what was told, which would make each addition another one.
    var count: Int { state.withLock { $0.told.count } }

    func committed(_ messages: [Message]) async { state.withLock { $0.broadcast += messages.map(\.seq) } }

    func tell(_ text: String) { state.withLock { $0.told.append(text) } }

    func tell(_ text: String, _ outcome: Result<Appended, ChatError>) {
        switch outcome {
        case .success(let appended): tell("\(text) \(appended.message.seq)")
        case .failure(let error): tell("\(text) \(error.code.rawValue)")
        }
    }
}

/// A log of one room of which a test scripts each commit.
private final class ScriptedLog: MessageStore, InstallationStore {
    enum Step: Sendable {
        case store
        case fail(ErrorCode)
        /// Stored, but known to be only when the closure returns.
        case unknown(@Sendable () async -> Void)
        /// Not stored, which turns out later.
        case lost
        /// Stores what is not named.
        case answer([String: Answer])
    }

    enum Answer: Sendable {
        case failure(ChatError)
        case repetition(Int64)
    }

    private let script: @Sendable (Int) async -> Step
    private let spoiling: String?
    private let state = Mutex((commits: [[String]](), seq: Int64(0)))

    /// - Parameters:
    ///   - spoiling: the body of a draft with which a commit fails as a whole.
    ///   - script: what commit 1, 2, 3 … does.
    init(spoiling: String? = nil, _ script: @escaping @Sendable (Int) async -> Step) {
        self.script = script
        self.spoiling = spoiling
    }

    var commits: [[String]] { state.withLock { $0.commits } }

    func append(
        _ drafts: [Draft], at moment: Timestamp
    ) async throws(ChatError) -> Commit<[Result<Appended, ChatError>]> {
        let number = state.withLock { state in
            state.commits.append(drafts.map(\.body.text))
            return state.commits.count
        }
        let step = await script(number)
        if drafts.contains(where: { $0.body.text == spoiling }) { throw ChatError(.fault, "spoilt") }
        switch step {
        case .store: return .done(store(drafts, [:], at: moment))
        case .answer(let answers): return .done(store(drafts, answers, at: moment))
        case .fail(let code): throw ChatError(code, "scripted")
        case .lost: return .unknown { () throws(ChatError) in throw ChatError(.unavailable, "not stored") }
        case .unknown(let wait):
            let results = store(drafts, [:], at: moment)
            return .unknown { () throws(ChatError) in
                await wait()
                return results
            }
        }
    }

    private func store(
        _ drafts: [Draft], _ answers: [String: Answer], at moment: Timestamp
    ) -> [Result<Appended, ChatError>] {
        drafts.map { draft in
            func message(_ seq: Int64) -> Message {
                let room = RoomReference(id: draft.room, name: RoomName(stored: "general"))
                return Message(id: seq, room: room, seq: seq, body: draft.body, author: draft.author, createdAt: moment)
            }
            switch answers[draft.body.text] {
            case .failure(let error): return .failure(error)
            case .repetition(let seq): return .success(Appended(message: message(seq), isRepeat: true))
            case nil:
                let seq = state.withLock { state in
                    state.seq += 1
                    return state.seq
                }
                return .success(Appended(message: message(seq), isRepeat: false))
            }
        }
    }

    // What a journal never asks.
    func messages(in room: RoomReference, _ range: MessageRange, limit: Int) async throws(ChatError) -> [Message] { [] }
    func message(in room: RoomReference, seq: Int64) async throws(ChatError) -> Message? { nil }
    func lastSeq(of room: RoomID) async throws(ChatError) -> Int64? { nil }
    func lastSeqs(of rooms: [RoomID]) async throws(ChatError) -> [RoomID: Int64] { [:] }
    func deleteMessage(in room: RoomID, seq: Int64, at: Timestamp, act: Act) async throws(ChatError) -> Bool { false }
    func editMessage(
        in room: RoomReference, seq: Int64, to body: MessageBody, at: Timestamp, act: Act
    ) async throws(ChatError) -> Message? { nil }
    func search(
        _ text: String, in room: RoomID?, by author: UserID?, before: Int64?, visibleTo user: User?, limit: Int,
        at: Timestamp
    ) async throws(ChatError) -> [Message] { [] }
    func markRead(_ marks: [ReadMark]) async throws(ChatError) {}
    func epoch() async throws(ChatError) -> String { "" }
    func presentEpoch() async throws(ChatError) -> String { "" }
    let writer: (any TaskExecutor)? = nil
    let reader: (any TaskExecutor)? = nil
    func prepareToServe() async {}
    func releaseMemory() async {}
    func fault() async -> ChatError? { nil }
}
