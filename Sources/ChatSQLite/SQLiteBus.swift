import ChatCore
import ChatSQL
import Dispatch
import Synchronization

// Carries events between processes through the file they share. `PRAGMA data_version` on the writing connection changes
// when another process commits and not when this one does. To read it costs a few microseconds, so it is polled 40 times
// a second; after a change the new rows of the log and of `signals` are read. This has a thread of its own, because a
// task would switch threads four times for each poll. Refused: inotify on the write-ahead log, which fires before the
// commit is visible, and for our own writes too.

/// The bus of processes that share a SQLite file.
final class SQLiteBus: Bus {
    let hearsEveryCommit = true
    private let driver: SQLiteDriver
    private let clock: WallClock
    private let thread = DispatchQueue(label: "chatctl.sqlite-bus")
    /// Ends the listener when signalled; nil while there is none.
    private let end = Mutex<DispatchSemaphore?>(nil)

    init(driver: SQLiteDriver, clock: WallClock) {
        self.driver = driver
        self.clock = clock
    }

    func start(_ receive: @escaping @Sendable ([BusEvent]) -> Void) async throws(ChatError) {
        await stop()
        let first = await withCheckedContinuation { continuation in
            thread.async { [driver] in
                continuation.resume(
                    returning: Result { () throws(ChatError) in try Listening(to: driver) })
            }
        }
        let listening = try first.get()
        let semaphore = DispatchSemaphore(value: 0)
        end.withLock { $0 = semaphore }
        thread.async {
            var listening = listening
            let interval = DispatchTimeInterval.milliseconds(Int(Limits.signalPoll.milliseconds))
            while listening.driver.isOpen, semaphore.wait(timeout: .now() + interval) == .timedOut {
                let events = listening.poll()
                if !events.isEmpty { receive(events) }
            }
        }
    }

    /// No-op: the listeners of other processes read the new rows of the log.
    func publish(_ batch: MessageBatch) async throws(ChatError) {}

    func publish(_ events: [Event]) async throws(ChatError) {
        guard !events.isEmpty else { return }
        let moment = clock.now()
        try await driver.write { session throws(ChatError) in try session.signal(events, at: moment) }
    }

    func follow(_ room: RoomID) {}
    func unfollow(_ room: RoomID) {}
    func fault() async -> ChatError? { nil }

    func stop() async {
        end.withLock { end in
            end?.signal()
            end = nil
        }
        // Runs once the listener has returned, which occupies the queue until then.
        await withCheckedContinuation { continuation in thread.async { continuation.resume() } }
    }
}
