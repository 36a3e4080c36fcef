import ChatCore

/// Decides which transaction runs on which lane. A transaction takes an idle lane or waits for one. Writers go before
/// readers, and readers never occupy the last lanes, so that a flood of history pages does not delay the journal.
struct PostgreSQLSchedule<Lane, Job> {
    /// What a transaction will do.
    enum Purpose {
        case reading
        case writing
    }

    enum Decision {
        case run(on: Lane)
        case wait
        /// The queue is full.
        case refuse
    }

    private var idle: [Lane]
    private var readers = 0
    private var waitingReaders: [Job] = []
    private var waitingWriters: [Job] = []

    init(_ lanes: [Lane]) {
        idle = lanes
    }

    var idleLanes: [Lane] { idle }

    mutating func admit(_ job: Job, _ purpose: Purpose) -> Decision {
        if purpose == .writing || readers < Limits.databaseReaders, let lane = idle.popLast() {
            if purpose == .reading { readers += 1 }
            return .run(on: lane)
        }
        guard waitingReaders.count + waitingWriters.count < Limits.databaseQueue else { return .refuse }
        switch purpose {
        case .reading: waitingReaders.append(job)
        case .writing: waitingWriters.append(job)
        }
        return .wait
    }

    /// A transaction on the lane has ended: returns the job that runs there next, nil when none may.
    mutating func next(on lane: Lane, after purpose: Purpose) -> Job? {
        if purpose == .reading { readers -= 1 }
        if !waitingWriters.isEmpty { return waitingWriters.removeFirst() }
        if !waitingReaders.isEmpty, readers < Limits.databaseReaders {
            readers += 1
            return waitingReaders.removeFirst()
        }
        idle.append(lane)
        return nil
    }
}
