import ChatCore
import Dispatch
import Glibc
import Synchronization

// A process that is killed cannot tidy up. So the server it started holds the reading end of a pipe: when the writing end
// closes without a farewell, whoever held it is gone, and the server ends what was left, itself included.

/// The writing end: tells a server what it must end when this process goes away.
final class Lifeline: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Names a process that works on the server and must not outlive it.
    func add(_ process: ChildProcess) { say("process \(process.id)") }

    /// From now on nothing is left to be ended.
    func part() { say("done") }

    private func say(_ word: String) {
        let line = Array("\(word)\n".utf8)
        _ = write(descriptor, line, line.count)
    }
}

/// The reading end, in the server.
struct LifelineWatch {
    /// What was said so far.
    struct Words: Equatable {
        var processes: [pid_t] = []
        var hasParted = false

        init(_ text: String) {
            for line in text.split(separator: "\n") {
                if line == "done" { hasParted = true }
                if line.hasPrefix("process "), let id = pid_t(line.dropFirst(8)), id > 1 { processes.append(id) }
            }
        }
    }

    /// Waits on a thread of its own until the other end is closed. Unless it has parted, ends the processes it named, calls
    /// `orphaned`, and asks this process to end as by SIGTERM.
    static func start(on descriptor: Int32, orphaned: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "chatctl.lifeline").async {
            var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 256))
            while bytes.count < 4_096 {
                let count = read(descriptor, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                bytes += chunk[..<count]
            }
            let words = Words(String(decoding: bytes, as: UTF8.self))
            guard !words.hasParted else { return }
            for process in words.processes { kill(process, SIGTERM) }
            orphaned()
            kill(getpid(), SIGTERM)
        }
    }
}

/// Set once the process that started this server is gone.
final class OrphanMark: Sendable {
    private let mark = Atomic(false)

    var isSet: Bool { mark.load(ordering: .acquiring) }

    func set() { mark.store(true, ordering: .releasing) }
}
