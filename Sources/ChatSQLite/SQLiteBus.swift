import ChatCore
import ChatSQL
import Dispatch
import Synchronization

// Carries events between processes through the file they share. `PRAGMA data_version` on the writing connection
// changes when another process has committed and not when this one has; a look costs some microseconds, so it is
// taken 40 times a second. On a change the new rows of the log and of `signals` are read. A thread of its own does
// this: a task would change threads four times for each look. Refused: inotify on the write-ahead log, which rings
// before the commit is visible and for our own writes too.

/// The bus of processes that share a SQLite file.
final class SQLiteBus: Bus {
    let hearsEveryCommit = true
    /// Names this process in `signals`, so that it does not hear itself.
    private let origin = RandomText.hex(bytes: 8)
    private let driver: SQLiteDriver
    private let clock: WallClock
    private let thread = DispatchQueue(label: "chatctl.sqlite-bus")
    /// Ends the listening when signalled; nil while nobody listens.
    private let end = Mutex<DispatchSemaphore?>(nil)

    init(driver: SQLiteDriver, clock: WallClock) {
        self.driver = driver
        self.clock = clock
    }

    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        await stop()
        let first = await withCheckedContinuation { continuation in
            thread.async { [driver, origin] in
                continuation.resume(
                    returning: Result { () throws(ChatError) in try Listening(to: driver, as: origin) })
            }
        }
        let listening = try first.get()
        let semaphore = DispatchSemaphore(value: 0)
        end.withLock { $0 = semaphore }
        thread.async {
            var listening = listening
            let interval = DispatchTimeInterval.milliseconds(Int(Limits.signalPoll.milliseconds))
            while listening.driver.isOpen, semaphore.wait(timeout: .now() + interval) == .timedOut {
                let events = listening.look()
                if !events.isEmpty { receive(events) }
            }
        }
    }

    /// Does nothing: the rows of the log are the signal.
    func publish(_ batch: MessageBatch) async throws(ChatError) {}

    func publish(_ events: [Event]) async throws(ChatError) {
        guard !events.isEmpty else { return }
        let payload = try SignalCoder.encode(events)
        let moment = clock.now()
        try await driver.write { [origin] session throws(ChatError) in
            try session.execute(
                "INSERT INTO signals (at, origin, payload) VALUES ($1, $2, $3)",
                [.time(moment), .text(origin), .text(payload)])
            try session.execute("DELETE FROM signals WHERE at < $1", [.time(moment - Limits.signalAge)])
        }
    }

    func follow(_ room: RoomID) {}
    func unfollow(_ room: RoomID) {}
    func fault() async -> ChatError? { nil }

    func stop() async {
        end.withLock { end in
            end?.signal()
            end = nil
        }
        // Comes after the listening, which had the queue to itself.
        await withCheckedContinuation { continuation in thread.async { continuation.resume() } }
    }
}
