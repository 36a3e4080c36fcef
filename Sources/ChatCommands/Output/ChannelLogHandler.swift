import ChatCore
import ChatTerminal
import Logging

/// Writes each event of a log as a line: time, level, message and metadata.
struct ChannelLogHandler: LogHandler {
    let channel: any OutputChannel
    let clock: WallClock
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let metadata = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let facts = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(clock.now().rfc3339) \(event.level) \(event.message)\(facts)"
        // A log that nobody takes is no reason to stop serving.
        try? channel.write(Array((Harmless.text(line) + "\n").utf8))
    }
}
