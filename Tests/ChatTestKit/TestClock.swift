import ChatCore
import Synchronization

/// A clock that a test controls.
package final class TestClock: Sendable {
    private let moment: Mutex<Timestamp>

    package init(_ moment: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)) {
        self.moment = Mutex(moment)
    }

    package var now: Timestamp { moment.withLock { $0 } }

    package func advance(by duration: Duration) {
        moment.withLock { $0 = $0 + duration }
    }

    /// The clock as the code under test sees it.
    package var wall: WallClock { WallClock { self.now } }
}
