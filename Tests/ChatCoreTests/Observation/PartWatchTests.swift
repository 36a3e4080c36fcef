import Testing

@testable import ChatCore

/// News of outages, from looks at the parts.
@Suite struct PartWatchTests {
    private let start = Timestamp(milliseconds: 1_000)
    private let databaseFault = ChatError(.unavailable, "database: gone").of(.database)
    private let redisFault = ChatError(.unavailable, "redis: gone").of(.redis)

    /// The news as text, since observations are not compared.
    private func news(_ observations: [Observation]) -> [String] {
        observations.map { observation in
            switch observation {
            case .failed(let part, let reason): "failed \(part.rawValue): \(reason)"
            case .recovered(let part, let outage): "recovered \(part.rawValue) after \(outage.milliseconds)"
            default: "\(observation)"
            }
        }
    }

    @Test func `health is no news`() {
        var watch = PartWatch()
        #expect(watch.saw(nil, at: start).isEmpty)
        #expect(watch.saw(nil, at: start + .seconds(1)).isEmpty)
    }

    @Test func `an outage is said once when it begins and once when it ends`() {
        var watch = PartWatch()
        #expect(news(watch.saw(databaseFault, at: start)) == ["failed database: database: gone"])
        #expect(watch.saw(databaseFault, at: start + .seconds(1)).isEmpty)
        #expect(news(watch.saw(nil, at: start + .seconds(3))) == ["recovered database after 3000"])
        #expect(watch.saw(nil, at: start + .seconds(4)).isEmpty)
    }

    @Test func `an outage that comes again is said again`() {
        var watch = PartWatch()
        _ = watch.saw(redisFault, at: start)
        _ = watch.saw(nil, at: start + .seconds(1))
        #expect(news(watch.saw(redisFault, at: start + .seconds(2))) == ["failed redis: redis: gone"])
    }

    @Test func `behind a database that is out nothing is said of Redis`() {
        var watch = PartWatch()
        _ = watch.saw(redisFault, at: start)
        #expect(news(watch.saw(databaseFault, at: start + .seconds(1))) == ["failed database: database: gone"])
        #expect(
            news(watch.saw(nil, at: start + .seconds(5))) == [
                "recovered database after 4000", "recovered redis after 5000",
            ])
    }

    @Test func `one part can come back while another fails`() {
        var watch = PartWatch()
        _ = watch.saw(databaseFault, at: start)
        #expect(
            news(watch.saw(redisFault, at: start + .seconds(2))) == [
                "recovered database after 2000", "failed redis: redis: gone",
            ])
    }

    @Test func `a clock that is set back makes no negative outage`() {
        var watch = PartWatch()
        _ = watch.saw(databaseFault, at: start)
        #expect(news(watch.saw(nil, at: Timestamp(milliseconds: 0))) == ["recovered database after 0"])
    }
}
